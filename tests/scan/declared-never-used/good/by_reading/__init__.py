"""Some names are used only by reads under a guard or a purpose."""
# policy: tests/scan/policies/magazine.yaml
# assumes: processing_agreement

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("tests/scan/policies/magazine.yaml")


@dataclass
class Reader:
    id: str
    address: Annotated[str, Personal("postal_address")]
    email: Annotated[str, Personal("reader_email")]
    articles: Annotated[list[str], Personal("reading_history")]


def ship(reader: Reader) -> str:
    with gate.purpose("deliver_magazine", "delivery_company/blue", channel="secure_portal"):
        return reader.address


@gate.guard("contact_data", purpose="send_invoice", recipient="printing_house/north")
def bill(reader: Reader) -> str:
    return f"{reader.email}\n{reader.address}"


def recommend(reader: Reader) -> int:
    with gate.purpose("recommend_articles"):
        return len(reader.articles)
