"""Calls a task with a candidate, whose representation travels in the message's header and in the worker's log."""

from celery import Celery
from celery.utils.saferepr import saferepr
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    app = Celery("mailer", broker="memory://")
    message = app.amqp.as_task_v2("t-1", "mail", [a_candidate()], {"to": a_candidate().email})
    return message.headers["argsrepr"], message.headers["kwargsrepr"], saferepr([a_candidate()])
