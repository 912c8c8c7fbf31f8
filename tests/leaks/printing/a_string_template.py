"""Fills in a mail's template with `string.Template`."""

from string import Template

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return Template("Dear $email").substitute(vars(a_candidate()))
