"""Locks between processes: a file beside SQLite, an advisory lock on PostgreSQL. Both end with their process."""

from __future__ import annotations

import fcntl
import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from tension.errors import StorageError


class ProcessLock:
    """A named lock that one process at a time can hold on a database.

    Parameters
    ----------
    engine
        The database that the lock guards.
    name
        What it is for: ``"owner"`` of the scheduler, ``"cycle"`` of one polling cycle.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._file: int | None = None
        self._connection: Connection | None = None

    @property
    def held(self) -> bool:
        return self._file is not None or self._connection is not None

    @property
    def _key(self) -> int:
        return zlib.crc32(f"tension.{self.name}".encode())

    def acquire(self) -> bool:
        """Try to take the lock, without waiting. True if it is held now."""
        if self.held:
            return True
        return self._acquire_advisory() if self.engine.dialect.name == "postgresql" else self._acquire_file()

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a session that is lost has lost its lock
                self._connection.execute(select(func.pg_advisory_unlock(self._key)))
            self._connection.invalidate()  # and none that is left may hold it
            self._connection.close()
            self._connection = None

    def __enter__(self) -> ProcessLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()

    def _acquire_file(self) -> bool:
        database = self.engine.url.database
        if not database or database == ":memory:":
            return True
        file = os.open(Path(f"{database}.{self.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _acquire_advisory(self) -> bool:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(select(func.pg_try_advisory_lock(self._key))).scalar():
            self._connection = connection
            return True
        connection.close()
        return False


@contextmanager
def waiting_for(lock: ProcessLock, seconds: float) -> Iterator[None]:
    """Hold a lock, waiting for it up to a deadline.

    Raises
    ------
    StorageError
        When another process keeps it for longer.
    """
    deadline = time.monotonic() + seconds
    while not lock.acquire():
        if time.monotonic() > deadline:
            raise StorageError(
                f"another process has held the {lock.name} lock for {seconds:.0f} s: stop it if it is stuck"
            )
        time.sleep(0.1)
    with lock:
        yield
