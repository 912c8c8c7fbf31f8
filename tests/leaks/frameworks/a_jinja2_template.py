"""Shows the candidate in a template."""

import jinja2
from leaks.people import a_candidate
from leaks.world import World

TEMPLATE = """
{{ candidate.email }} {{ candidate }} {{ candidate.email | string | upper }}
{{ '%s' | format(candidate.email) }} {{ candidate.email ~ '!' }} {{ [candidate.email] | join(', ') }}
"""


def leak(world: World) -> object:
    return jinja2.Environment(autoescape=True).from_string(TEMPLATE).render(candidate=a_candidate())
