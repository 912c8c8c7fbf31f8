"""Reads an address when a download is done, which is after the request."""

from concurrent.futures import Future

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    download: Future[bytes] = Future()
    answer: Future[str] = Future()

    def done(_: object) -> None:
        try:
            answer.set_result(email_of("c-1"))
        except Exception as error:
            answer.set_exception(error)

    with world.gate.purpose("respond_to_inquiries"):
        download.add_done_callback(done)
    download.set_result(b"")
    return answer.result(10)
