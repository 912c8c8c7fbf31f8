"""Paths, threads and loggers have names; nobody's."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Personal

log = logging.getLogger(__name__)


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]


def stem(path: Path) -> str:
    return path.name


def start(path: Path) -> str:
    thread = threading.Thread(target=stem, args=(path,))
    thread.start()
    return f"{log.name}: {thread.name}"
