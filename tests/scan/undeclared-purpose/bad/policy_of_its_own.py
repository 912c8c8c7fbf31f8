"""The gate has a policy of its own, beside the project's, and by that one it is judged."""

from pathlib import Path

from purposegate import Gate

HERE = Path(__file__).parent
gate = Gate.load(HERE.parents[1] / "policies" / "magazine.yaml")


def recommend(reader_id: str) -> list[str]:
    gate.check("reading_history", "recommend_articles", subject=reader_id)
    gate.check("postal_address", "recommend_articles", subject=reader_id)  # finds: undeclared-purpose
    return ["local news"]
