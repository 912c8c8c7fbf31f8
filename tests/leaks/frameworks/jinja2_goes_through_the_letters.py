"""Lists what a template can get at: letters, length, JSON."""

import jinja2
from leaks.people import a_candidate
from leaks.world import World

TEMPLATES = (
    "{{ email | list }}",
    "{{ email | join }}",
    "{{ email | tojson }}",
    "{{ email[0:6] }}",
    "{{ email | first }}",
    "{{ email | urlize }}",
)


def leak(world: World) -> object:
    shown = []
    for template in TEMPLATES:
        try:
            shown.append(jinja2.Environment(autoescape=True).from_string(template).render(email=a_candidate().email))
        except TypeError as error:
            shown.append(str(error))
    return shown
