"""A worker that unpickles its jobs."""

import pickle
from pathlib import Path


def run(path: Path) -> str:
    job = pickle.loads(path.read_bytes())
    return f"ffmpeg -i {job.video}"  # finds: unknown-receiver
