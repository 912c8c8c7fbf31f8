"""A module that knows no gate and no label may run what it likes."""

from pathlib import Path
from types import ModuleType


def loaded(path: Path) -> ModuleType:
    module = ModuleType(path.stem)
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    return module
