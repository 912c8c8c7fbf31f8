"""`**row` copies a labelled row into a plain dictionary."""

from typing import Annotated, Any, TypedDict

from purposegate import Personal


class Contact(TypedDict):
    id: str
    email: Annotated[str, Personal("email_address")]


def enriched(contact: Contact, source: str) -> dict[str, Any]:
    return {**contact, "source": source}  # finds: unguarded-read
