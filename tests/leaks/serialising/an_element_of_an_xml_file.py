"""Writes the address into an XML file for a partner."""

from xml.etree import ElementTree

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    candidate = ElementTree.Element("candidate")
    candidate.text = an_email()
    return ElementTree.tostring(candidate)
