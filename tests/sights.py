"""What a scan saw, made by hand for tests: what does not matter to a test is filled in here."""

from __future__ import annotations

from typing import Any

from purposegate.tools.scanning.sighting import (
    How,
    Judge,
    Mention,
    Part,
    Place,
    SeenCover,
    SeenFact,
    SeenField,
    SeenRead,
    SeenUse,
    SeenWay,
)

OWN = Judge("shop.yaml")


def a_place(line: int, path: str = "app.py", column: int = 5) -> Place:
    return Place(path, line, column, line, column + 10)


def a_use(line: int, data_category: str | None, purpose: str | None, recipient: str | None = None, **parts: Any) -> SeenUse:
    """Give a use with the names of the policy as they stand in its call, at the columns 20, 40 and 60."""
    names = ((Part.DATA_CATEGORY, data_category), (Part.PURPOSE, purpose), (Part.RECIPIENT, recipient))
    mentions = [
        Mention(part, name, a_place(line, column=20 * number)) for number, (part, name) in enumerate(names, 1) if name is not None
    ]
    given: dict[str, Any] = {"how": How.CHECK, "place": a_place(line), "function": "app.send", "judge": OWN} | parts
    return SeenUse(data_category=data_category, purpose=purpose, recipient=recipient, mentions=tuple(mentions), **given)


def a_field(line: int, dotted: str, *categories: str, **parts: Any) -> SeenField:
    """Give a field of `Owner.name` with its labels."""
    owner, _, name = dotted.rpartition(".")
    labels = tuple(Mention(Part.DATA_CATEGORY, each, a_place(line, column=40)) for each in categories)
    return SeenField(f"app.{owner}", name, a_place(line), categories=categories, labels=labels, **parts)


def a_fact(line: int, name: str, judge: Judge = OWN) -> SeenFact:
    return SeenFact(name, a_place(line), judge)


def a_read(line: int, category: str, *covers: tuple[str | None, str | None, str | None]) -> SeenRead:
    """Give a read of a field with a label, on one way with what was released on it: data, purpose and recipient."""
    label = Mention(Part.DATA_CATEGORY, category, a_place(1))
    way = SeenWay(tuple(SeenCover(OWN, *each, a_place(line - 1)) for each in covers))
    return SeenRead(a_place(line), "app.send", "user.it", (label,), (way,))
