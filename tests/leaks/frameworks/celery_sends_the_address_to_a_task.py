"""Passes the address itself to a task, through the broker."""

from celery import Celery
from leaks.people import an_email
from leaks.world import World

REFUSED = "EncodeError"


def leak(world: World) -> object:
    app = Celery("mailer", broker="memory://")
    app.send_task("mail", [an_email()], queue="mails")
    with app.connection() as connection, connection.SimpleQueue("mails") as queue:
        return queue.get(timeout=1).body
