"""Guards a class that writes its own `__str__`, and prints an object of it."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Mailbox:
        def __str__(self) -> str:
            return f"mailbox of {an_applicant().email}"

        def __format__(self, spec: str) -> str:
            return str(self)

    return str(Mailbox()), f"{Mailbox()}"
