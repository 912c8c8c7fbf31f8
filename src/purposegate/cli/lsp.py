"""`purposegate lsp`: the language server, which an editor starts."""

from __future__ import annotations

import gc
import importlib.util

import typer

from purposegate.cli.exits import OK


def lsp() -> None:
    """Serve an editor over the standard streams: findings, clauses and names while policies and code are typed."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool

    if importlib.util.find_spec("pygls") is None:
        stop("the language server needs pygls", "pip install 'purposegate[lsp]'")
    from purposegate.tools.editing.server import serve  # noqa: PLC0415 - as above

    gc.enable()  # unlike the other commands it lasts
    serve()
    raise typer.Exit(OK)
