"""Subject and claim are no names of the policy; they may come from anywhere."""

import os
from typing import Any

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def answer(form: dict[str, Any]) -> None:
    gate.check("name", "provide_service", "data_subject", subject=form["id"], claim=os.environ.get("CASE"))
