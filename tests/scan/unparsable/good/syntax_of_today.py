"""Syntax that older versions do not know."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


async def mail(candidate_ids: list[str], /, *, dry: bool = False) -> int:
    try:
        match [each async for each in _ids(candidate_ids)]:
            case []:
                return 0
            case [first, *rest] if (count := len(rest)) > 1 and not dry:
                gate.check("email_address", "send_service_email", subject=first)
                return count
            case _:
                return 1
    except* ValueError as group:
        raise RuntimeError(f"{len(group.exceptions)=}") from None


async def _ids(candidate_ids: list[str]):
    for candidate_id in candidate_ids:
        yield candidate_id
