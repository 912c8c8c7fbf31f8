"""A command line prints what it has loaded."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]


def load(path: Path) -> list[Candidate]:
    return [Candidate(**each) for each in json.loads(path.read_text())]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    for candidate in load(parser.parse_args().file):
        print(candidate)  # finds: unguarded-read


if __name__ == "__main__":
    main()
