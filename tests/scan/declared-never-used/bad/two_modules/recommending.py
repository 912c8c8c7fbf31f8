"""What readers may like."""

from .shipping import gate


def recommend(reader_id: str) -> list[str]:
    with gate.purpose("recommend_articles", subject=reader_id):
        gate.check("reading_history")
    return []
