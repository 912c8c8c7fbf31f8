"""The categories are read from a file of the configuration."""

from pathlib import Path

import yaml

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def columns(path: Path) -> list[str]:
    readable = []
    for column, data_category in yaml.safe_load(path.read_text()).items():
        if gate.decide(data_category, "analyse_to_improve"):  # finds: unreadable-use
            readable.append(column)
    return readable
