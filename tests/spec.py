"""The meaning of a policy, read naively from DESIGN section 4: no table, no index, no caching, nothing shared with the engine.

A policy is the plain dictionary that its YAML holds. `verdict` gives the reason's slug. It is slow and short on purpose.
"""

from __future__ import annotations

import re
from typing import Any

Policy = dict[str, Any]
ACTING, RECORDED = ("controller", "processor"), ("third_party", "joint_user")


def parents(policy: Policy, kind: str, name: str) -> list[str]:
    parent = policy[kind][name].get("parent", [])
    return [parent] if isinstance(parent, str) else list(parent)


def is_under(policy: Policy, kind: str, x: str, y: str) -> bool:
    if x == y:
        return True
    above = [x.split("/", maxsplit=1)[0]] if "/" in x else parents(policy, kind, x)
    return any(is_under(policy, kind, name, y) for name in above)


def overlap(policy: Policy, kind: str, x: str, y: str) -> bool:
    return any(is_under(policy, kind, z, x) and is_under(policy, kind, z, y) for z in [*policy[kind], x, y])


def covers(policy: Policy, rule: Policy, key: str, kind: str, name: str) -> bool:
    excepted = rule.get("except", {}).get(key, [])
    listed = rule[key] == "any" or any(is_under(policy, kind, name, y) for y in rule[key])
    return listed and not any(overlap(policy, kind, name, y) for y in excepted)


def role_of(policy: Policy, recipient: str) -> str | None:
    declared, slash, instance = recipient.partition("/")
    if declared not in policy["recipients"]:
        return None
    while "role" not in policy["recipients"][declared]:
        declared = policy["recipients"][declared]["parent"]
    role: str = policy["recipients"][declared]["role"]
    fits = not slash or (role not in ("controller", "data_subject") and re.fullmatch(r"[a-z0-9][a-z0-9._-]*", instance))
    return role if fits else None


def verdict(policy: Policy, use: Policy, context: Policy) -> str:  # noqa: PLR0911 - the order of the reasons
    controller = policy["policy"]["controller"]
    c, p, r, channel = use["data_category"], use["purpose"], use["recipient"] or controller, use["channel"]
    asked, shown = context["consulted"], context["shown"]
    if context["too_early"]:
        return "not-in-force"
    if c not in policy["categories"]:
        return "unknown-category"
    if p not in policy["purposes"]:
        return "unknown-purpose"
    role = role_of(policy, r)
    unnamed = asked and role in (*RECORDED, "processor") and ("/" not in r or not context["registered"])
    if role is None or unnamed:
        return "unknown-recipient"
    if channel is not None and channel not in policy["channels"]:
        return "unknown-channel"
    if asked and not use["subject"]:
        return "subject-required"
    if asked and role in RECORDED and channel is None:
        return "channel-required"

    def applies(rule: Policy) -> bool:
        return covers(policy, rule, "data", "categories", c) and covers(policy, rule, "purposes", "purposes", p)

    def met(rule: Policy) -> bool:
        return all(condition in shown for condition in rule["conditions"])

    def fits(rule: Policy) -> bool:
        return rule["channels"] == "any" or (not asked if channel is None else channel in rule["channels"])

    def objected(objection: Policy) -> bool:
        to = [r, controller] if role == "processor" else [r]
        return all(
            objection[key] == "any" or any(overlap(policy, kind, name, y) for name in names for y in objection[key])
            for key, kind, names in (
                ("data", "categories", [c]),
                ("purposes", "purposes", [p]),
                ("recipients", "recipients", to),
            )
        )

    def free(rule: Policy) -> bool:
        hits = [policy["objections"][name] for name in context["objections"] if objected(policy["objections"][name])]
        return all(rule["clause"] in objection["exempt"] for objection in hits)

    own = role in ACTING
    openers = [rule for rule in policy["uses"] if applies(rule) and not (own and rule.get("provision_only"))]
    if not openers:
        return "undeclared-purpose"
    opened = [rule for rule in openers if met(rule) and (free(rule) or not own)]
    listing = [rule for rule in policy["provisions"] if applies(rule) and covers(policy, rule, "recipients", "recipients", r)]
    escapes = [rule for rule in policy["exceptions"] if applies(rule) and covers(policy, rule, "recipients", "recipients", r)]
    usable = listing if role == "processor" else [*listing, *escapes]
    if opened and (role == "controller" or any(fits(g) and met(g) and (own or free(g)) for g in usable)):
        return "permitted"
    if role != "controller":
        if not listing:
            return "unlisted-recipient"
        if not any(fits(rule) for rule in listing):
            return "unlisted-channel"
    met_listing = role == "controller" or any(fits(rule) and met(rule) for rule in listing)
    return "objection-in-force" if met_listing and any(met(rule) for rule in openers) else "unmet-condition"
