"""Saving a file that others may be reading or saving."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tension.errors import CatalogueError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock beside a file while reading, changing and writing it; others wait.

    Raises
    ------
    CatalogueError
        When the folder cannot be written to.
    """
    try:
        lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CatalogueError(f"{path.parent} cannot be written to: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def write_whole(path: Path, text: str, before: str) -> bool:
    """Put a new text in a file's place at once, with its mode; a reader sees the old one or the new one.

    Parameters
    ----------
    path, text
        The file, and what it is to hold.
    before
        What it must still hold: the file is compared once more just before it is replaced.

    Returns
    -------
    bool
        False where it holds something else by now; it stays as it is.

    Raises
    ------
    CatalogueError
        When it cannot be written; the file is as it was.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CatalogueError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        same = path.read_bytes() == before.encode()
        os.replace(name, path) if same else os.unlink(name)
        return same
    except OSError as error:
        os.unlink(name)
        raise CatalogueError(f"{path} cannot be written: {error.strerror}; mount its folder, not the file") from error
