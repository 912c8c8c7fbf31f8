"""`purposegate lsp`: the language server, which an editor starts."""

from __future__ import annotations

import gc
import os
from typing import Final

from purposegate.cli.exits import OK

# What pygls brings with it.
_EXTRA: Final = frozenset({"pygls", "lsprotocol"})


def lsp() -> None:
    """Serve an editor over the standard streams: findings, clauses and names while policies and code are typed."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool

    try:
        from purposegate.tools.editing.server import serve  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        stop("the language server needs an extra", "pip install 'purposegate[lsp]'")

    gc.enable()  # unlike the other commands it lasts
    serve()
    os._exit(OK)  # a policy may still be read, which nobody waits for any more
