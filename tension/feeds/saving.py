"""Saving a file that others may be reading or saving."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tension.errors import CatalogueError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock beside a file while reading, changing and writing it; others wait.

    Raises
    ------
    CatalogueError
        When there is no such file, or its lock cannot be made or opened.
    """
    try:
        like = path.stat()
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}") from error
    lock_path = path.with_name(f".{path.name}.lock")
    try:
        lock = _open_lock(lock_path, like)
    except OSError as error:
        raise CatalogueError(f"{lock_path} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open_lock(path: Path, like: os.stat_result) -> int:
    """Open a lock, made for whoever may use the file that it stands beside: with its mode and, if we may, its owner."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, stat.S_IMODE(like.st_mode))
    except FileExistsError:
        try:
            return os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except PermissionError:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # enough to lock it, but on NFS
    _make_like(lock, like)
    return lock


def _make_like(descriptor: int, like: os.stat_result) -> None:
    """Give an open file the owner, where we may, and the mode of another."""
    for user, group in ((like.st_uid, -1), (-1, like.st_gid)):
        with suppress(PermissionError):
            os.fchown(descriptor, user, group)
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))


def write_whole(path: Path, text: str, before: str) -> bool:
    """Put a new text in a file's place at once, with its mode and owner; a reader sees the old one or the new one.

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
        like = path.stat()
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CatalogueError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            _make_like(file.fileno(), like)
            file.flush()
            os.fsync(file.fileno())
        same = path.read_bytes() == before.encode()
        os.replace(name, path) if same else os.unlink(name)
        return same
    except OSError as error:
        os.unlink(name)
        raise CatalogueError(f"{path} cannot be written: {error.strerror}; mount its folder, not the file") from error
