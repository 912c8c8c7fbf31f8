"""A process of its own that scans for the server, so that a long scan holds nothing up and can be ended at once.

It is told on its standard input, one question a line, and answers in the same way, both in JSON. It ends when its input does, be
the server gone in whichever way, also in the midst of a scan.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

from purposegate.tools.editing.surveys import Question, Survey, surveyed

# Without the working directory on the path: a module of the project that is called like one of Python's is not to be imported.
_COMMAND: Final = ("-P", "-c", "from purposegate.tools.editing.surveyor import answer; answer()")
_LONGEST_ANSWER: Final = 2**30


class SurveyFailedError(Exception):
    """A scan that went wrong; the message is the place in this program, and nothing of what was scanned."""


class Surveyor:
    """Asks the process, which is begun with the first question and again after it was ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def survey(self, question: Question) -> Survey:
        """Have a project scanned, once what was asked before is answered; where this is cancelled, the process is ended."""
        async with self._turn:
            try:
                answer = json.loads(await self._answer(json.dumps(question._asdict() | {"texts": dict(question.texts)})))
            except BaseException:
                await self._end()
                raise
        if "failed" in answer:
            raise SurveyFailedError(answer["failed"])
        return Survey.of(answer, question.texts)

    async def _answer(self, question: str) -> bytes:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise SurveyFailedError("")
        process.stdin.write(f"{question}\n".encode())
        await process.stdin.drain()
        answer = await process.stdout.readline()
        if not answer:
            raise SurveyFailedError(" (its process has ended)")
        return answer

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            # What it prints to its standard error may be code.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *_COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LONGEST_ANSWER
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


def place_of(error: Exception) -> str:
    """Tell where in this program something went wrong, without anything of a document."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{place} ({type(error).__name__})"


def answer() -> None:
    """Answer the questions on the standard input until it ends, as the process."""
    questions: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        sys.stdout.buffer.write(f"{json.dumps(_answered(json.loads(questions.get())))}\n".encode())
        sys.stdout.buffer.flush()


def _listen(questions: SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        questions.put(line)
    os._exit(0)  # nobody waits for a scan any more


def _answered(given: dict[str, Any]) -> dict[str, Any]:
    try:
        question = Question(**given)
        os.chdir(question.root)
        return surveyed(question).as_dict()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one text, the next one is looked at
        return {"failed": place_of(error)}
