"""The words of the format that more than one part needs."""

from __future__ import annotations

import re
from collections.abc import Container
from enum import StrEnum
from typing import Final, Literal

ANY: Final = "any"
Names = tuple[str, ...] | Literal["any"]

NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
INSTANCE_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")


class Role(StrEnum):
    """What a recipient is to the person whose data they are: stated at the root of each tree of recipients."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    JOINT_USER = "joint_user"
    THIRD_PARTY = "third_party"
    DATA_SUBJECT = "data_subject"


class ShownBy(StrEnum):
    """Who can establish a condition; the caller's word never does."""

    CONSENT = "consent"
    CLAIM = "claim"
    AGREEMENT = "agreement"
    FACT = "fact"


# A policy file, written or compiled, is at most this large, in bytes.
SIZE_LIMIT: Final = 16 * 1024 * 1024
# A declared name, and a recipient with its instance, are at most this long: what is longer is no name.
NAME_LENGTH: Final = 100
RECIPIENT_LENGTH: Final = 256
CLAIM_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}\Z")
NOT_A_NAME: Final = "(not a name)"
# What stands for the person where what is only observed goes out, and whose data they are was not said.
NOT_SAID: Final = "(not said)"
# What stands for the purpose of a use that has none.
NO_PURPOSE: Final = "(no purpose)"


def presentable(name: object, classes: Container[str] = ()) -> str:
    """Give a name as it may be repeated in an error or a record: what else was passed for one may be somebody's data.

    The id of an instance is repeated only under a class that is declared.
    """
    if not isinstance(name, str) or len(name) > RECIPIENT_LENGTH:
        return NOT_A_NAME
    plain = str.__str__(name)
    if plain == NO_PURPOSE:
        return plain
    declared, slash, instance = plain.partition("/")
    if not NAME.match(declared) or len(declared) > NAME_LENGTH:
        return NOT_A_NAME
    if not slash:
        return plain
    return plain if declared in classes and INSTANCE_ID.match(instance) else f"{declared}/…"
