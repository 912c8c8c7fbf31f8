"""Guards a dataclass, and logs an object of it."""

from dataclasses import dataclass

from leaks.world import SECRET, World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    @dataclass
    class Mailbox:
        owner: str

        def messages(self) -> list[str]:
            return [self.owner]

    return str(Mailbox(SECRET))
