"""Records as lines of JSON into a pipe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import IO

import pytest
from builders import ROOT, a_policy
from sinks import BrittleSink, a_provision_record, a_record

from purposegate import Gate, MemorySink, PipeSink, TrailError
from purposegate.trail.lines import fields

Pipe = tuple[IO[bytes], IO[bytes]]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as read, os.fdopen(writing, "wb", buffering=0) as write:
        yield read, write


def test_what_the_gate_decides_is_a_line_for_whoever_reads(pipe: Pipe) -> None:
    read, write = pipe
    gate = Gate(a_policy(), trail=PipeSink(write))

    gate.check("email_address", "shipping", subject="s\n1")
    gate.decide("email_address", "raffle")

    lines = [json.loads(read.readline()) for _ in range(2)]
    assert [(line["reason"], line["asked"], line.get("subject")) for line in lines] == [
        ("permitted", "release", "s\n1"),
        ("unknown-purpose", "question", None),
    ]


def test_a_pipe_that_nobody_reads_any_more_is_refused_and_nothing_is_released(pipe: Pipe) -> None:
    read, write = pipe
    gate = Gate(a_policy(), trail=PipeSink(write))
    gate.check("email_address", "shipping")
    read.close()

    for _ in range(2):
        with pytest.raises(TrailError) as refused:
            gate.check("email_address", "shipping")
        assert str(refused.value) == "the trail cannot be written (EPIPE)"


def test_a_program_whose_output_is_cut_off_releases_nothing_more() -> None:
    program = """
import sys
sys.path.insert(0, "tests")
from builders import a_policy
from purposegate import Gate, PipeSink, TrailError
gate = Gate(a_policy(), trail=PipeSink(sys.stdout))
released = 0
try:
    while True:
        gate.check("email_address", "shipping", subject="x" * 1000)
        released += 1
except TrailError as error:
    print(released, error, file=sys.stderr)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["reason"] == "permitted"
        process.stdout.close()
        told = process.stderr.read().decode()
    assert told.split(maxsplit=1)[1] == "the trail cannot be written (EPIPE)\n"
    assert process.returncode != -signal.SIGPIPE


def test_what_must_be_on_a_disk_is_not_written_to_a_pipe_alone(pipe: Pipe) -> None:
    _, write = pipe
    inner = MemorySink()

    with pytest.raises(TrailError, match="a pipe is no disk"):
        PipeSink(write).write([a_record(), a_provision_record()])
    PipeSink(write, inner).write([a_record(), a_provision_record()])

    assert len(inner.records) == 2


def test_what_the_inner_sink_does_not_keep_is_not_written(pipe: Pipe) -> None:
    read, write = pipe
    sink = PipeSink(write.fileno(), BrittleSink(TrailError("full")))

    with pytest.raises(TrailError, match="full"):
        sink.write([a_record()])

    write.close()
    assert read.read() == b""


def test_lines_of_many_threads_are_whole_though_they_are_longer_than_a_pipe_takes(pipe: Pipe) -> None:
    read, write = pipe
    sink = PipeSink(write)
    record = a_record(subject="x" * 100_000)
    heard: list[bytes] = []
    reader = Thread(target=lambda: heard.extend(read.readline() for _ in range(40)))
    reader.start()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sink.write([record]), range(40)))

    reader.join(20)
    assert [json.loads(line) for line in heard] == [fields(record)] * 40


def test_what_follows_a_line_that_was_torn_stands_on_a_line_of_its_own(pipe: Pipe) -> None:
    read, write = pipe
    os.set_blocking(write.fileno(), False)
    sink = PipeSink(write)
    with pytest.raises(TrailError, match="EAGAIN"):
        sink.write([a_record(subject="x" * 1_000_000)])
    os.set_blocking(read.fileno(), False)
    torn = read.read()

    sink.write([a_record()])

    assert torn
    assert b"\n" not in torn
    assert read.readline() == b"\n"
    assert json.loads(read.readline()) == fields(a_record())


def test_closing_it_closes_the_inner_sink_and_not_the_pipe(pipe: Pipe) -> None:
    _, write = pipe
    inner = BrittleSink()
    sink = PipeSink(write, inner)

    sink.close()

    assert inner.closed
    assert not write.closed
