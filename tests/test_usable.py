"""What is found usable rule by rule is just what the judge permits when it is asked about everything."""

from __future__ import annotations

from typing import Any

from builders import a_context, a_policy
from hypothesis import given
from strategies import documents

from purposegate import Engine, Use
from purposegate.tools.usable import usable


@given(documents())
def test_a_name_is_usable_where_some_use_of_it_is_permitted_with_everything_shown(document: dict[str, Any]) -> None:
    header = {key: value for key, value in document["policy"].items() if key != "effective"}
    engine = Engine(a_policy(document | {"policy": header}))
    policy, context = engine.policy, a_context(document["conditions"])
    permitted = [
        (category, purpose, recipient)
        for category in policy.categories
        for purpose in policy.purposes
        for recipient in policy.recipients
        for asked in (recipient, f"{recipient}/x")
        if engine.decide(Use(category, purpose, asked), context)
    ]

    found = usable(engine)

    assert found.explored
    assert found.categories == {above for category, _, _ in permitted for above in policy.categories.above(category)}
    assert found.purposes == {above for _, purpose, _ in permitted for above in policy.purposes.above(purpose)}
    assert found.recipients == {above for _, _, recipient in permitted for above in policy.recipients.above(recipient)}
