"""Whoever may use all user information may use the name and the address."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Member(BaseModel):
    id: int
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]


def header(member: Member) -> str:
    gate.check("user_information", "send_service_email")
    return f"{member.name} <{member.email}>"
