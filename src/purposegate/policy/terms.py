"""The words of the format that more than one part needs."""

from __future__ import annotations

import re
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
