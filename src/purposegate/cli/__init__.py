"""argv → tool → exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from io import TextIOWrapper
from types import ModuleType
from typing import NoReturn

from purposegate.cli.exits import COULD_NOT_RUN, OK

_USE_NAMES = (2, 3)


def main() -> NoReturn:
    """Run the command line; whatever goes wrong inside it is exit code 2, never a denial's."""
    _start_fast()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show “ must not turn a verdict into a crash.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if hasattr(signal, "SIGPIPE"):
        # Where the reader goes away, the command ends by the signal, as filters do: that is no verdict either.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # taking the interpreter apart would take as long as the verdict, and there is nothing left to save
    except Exception:  # noqa: BLE001 - an unforeseen error must not look like a verdict
        traceback.print_exc()
        sys.exit(COULD_NOT_RUN)


def _start_fast() -> None:
    """Leave out what a command never needs and would spend a fifth of its time on."""
    # It ends before there is garbage worth collecting.
    gc.disable()
    # Plugins of pydantic's have no business in the reading of a policy. pydantic's own switch for that still imports the email
    # package on the way to finding none, so its search is replaced by the answer.
    no_plugins = ModuleType("pydantic.plugin._loader")
    no_plugins.get_plugins = tuple  # type: ignore[attr-defined]  # a module made here
    sys.modules.setdefault(no_plugins.__name__, no_plugins)


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415 - the answer needs nothing else

        print(f"purposegate {version('purposegate')}")
        return OK
    command, *names = arguments or [""]
    if command == "check" and len(names) in _USE_NAMES and not any(name.startswith("-") for name in names):
        # Names alone need no parser of options, whose import takes as long as everything else together.
        from purposegate.cli.judging import judge  # noqa: PLC0415 - as said above
        from purposegate.engine.use import Use  # noqa: PLC0415 - as said above

        return judge(Use(*names))
    from purposegate.cli.app import app  # noqa: PLC0415 - as said above

    app()
    return OK
