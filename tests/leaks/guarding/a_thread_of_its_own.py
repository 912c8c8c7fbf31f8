"""Reads addresses in a thread, which knows nothing of its maker's purpose."""

from concurrent.futures import Future
from threading import Thread

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    future: Future[str] = Future()

    def work() -> None:
        try:
            future.set_result(email_of("c-1"))
        except Exception as error:
            future.set_exception(error)

    with world.gate.purpose("respond_to_inquiries"):
        Thread(target=work).start()
        return future.result(10)
