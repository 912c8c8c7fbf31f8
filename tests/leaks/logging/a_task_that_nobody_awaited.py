"""Lets a task fail with the address in its exception, and never looks at it, so that the event loop logs it."""

import asyncio
import gc

from leaks.people import an_email
from leaks.world import World


async def mail() -> None:
    raise ConnectionError(an_email())


def leak(world: World) -> None:
    async def serve() -> None:
        tasks = {asyncio.create_task(mail(), name=f"mail to {an_email()}")}
        await asyncio.sleep(0)
        tasks.clear()

    asyncio.run(serve(), debug=True)
    gc.collect()
