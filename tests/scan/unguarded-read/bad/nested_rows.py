"""The labelled key lies in a row within a row."""

from typing import Annotated, TypedDict

from purposegate import Personal


class Contact(TypedDict):
    email: Annotated[str, Personal("email_address")]


class Application(TypedDict):
    id: int
    sent_by: Contact


def addresses(applications: list[Application]) -> list[str]:
    return [each["sent_by"]["email"] for each in applications]  # finds: unguarded-read
