"""Hears on PostgreSQL what other processes enter (LISTEN and NOTIFY)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, current_thread
from typing import Any, Final
from weakref import WeakMethod

from sqlalchemy import Engine

from purposegate.stores.sql.connecting import shut

CHANNEL: Final = "purposegate_ledger"
_EVERY: Final = 1.0  # seconds between two looks at whether to stop, and between two attempts to connect

_log = logging.getLogger("purposegate")


def listens(engine: Engine) -> bool:
    """Tell whether a database tells of what other processes enter."""
    return engine.dialect.name == "postgresql"


class Listener:
    """A thread that tells of each topic about which something was entered; of None where something may have gone unheard."""

    def __init__(self, engine: Engine, tell: Callable[[str | None], None]) -> None:
        """Begin to listen; `tell` is a method, and whoever it belongs to may go."""
        self._engine = engine
        self._tell = WeakMethod(tell)
        self._stopped = Event()
        self.listening = Event()
        self._driver: Any = None
        self._thread = Thread(target=self._listen, name="purposegate-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more, and wait until the connection is closed."""
        self._stopped.set()
        with suppress(Exception):  # it may be closed by now
            shut(self._driver)
        if self._thread is not current_thread():
            self._thread.join(2 * _EVERY)

    def _listen(self) -> None:
        while not self._stopped.is_set() and self._tell() is not None:
            try:
                self._hear()
            except Exception as error:  # noqa: BLE001 - whatever it is, what was told before may be out of date, and it begins again
                if self._stopped.is_set():
                    return
                _log.warning("the ledger is not listened to: %s", type(error).__name__)
                self._told(None)
                self._stopped.wait(_EVERY)

    def _hear(self) -> None:
        pooled = self._engine.raw_connection()
        driver: Any = pooled.driver_connection
        self._driver = driver
        pooled.detach()  # a connection of its own, closed at the end; it is not told of its driver any more
        try:
            self._follow(driver)
        finally:
            self.listening.clear()
            driver.close()

    def _follow(self, driver: Any) -> None:  # noqa: ANN401 - psycopg's connection
        driver.execute(f"LISTEN {CHANNEL}")
        self._told(None)  # what was entered before it listened went unheard
        self.listening.set()
        while not self._stopped.is_set() and self._tell() is not None:
            for notification in driver.notifies(timeout=_EVERY):
                self._told(notification.payload)
            driver.execute("SELECT 1")  # of a connection that is gone nobody is told, unless something is sent

    def _told(self, topic: str | None) -> None:
        tell = self._tell()
        if tell is not None and not self._stopped.is_set():  # whoever was told of a stopped one would open the ledger again
            tell(topic)
