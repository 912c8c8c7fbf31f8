"""Text that is no literal is run beside the gate."""

from pathlib import Path

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def plugin(path: Path) -> None:
    exec(path.read_text(), {"gate": gate})  # finds: cannot-verify
