"""An asynchronous context manager of the service opens the purpose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


@asynccontextmanager
async def answering(question_id: str) -> AsyncIterator[str]:
    async with gate.purpose("respond_to_inquiries", "data_subject", subject=question_id):
        yield question_id


async def answer(question: Question) -> str:
    async with answering(question.id) as number:
        return f"[{number}] > {question.text}"
