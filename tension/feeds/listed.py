"""feeds.yaml as text: what it lists, and every fault with its line. Pure, but for reading the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tension.errors import CatalogueError
from tension.feeds.addresses import same_feed, without_credentials
from tension.feeds.entries import as_feed, faults
from tension.feeds.yaml_lines import load
from tension.records import Feed

_IN_QUOTES = "while scanning a quoted scalar"  # as ruamel says it
_UNCLOSED = "a quote that begins here is not closed"


def text_of(path: Path) -> str:
    """The file's text.

    Raises
    ------
    CatalogueError
        When it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueError(f"{path}:{line}: is not UTF-8; save it as UTF-8") from error


def feeds_in(text: str, path: Path) -> tuple[Feed, ...]:
    """The feeds that a text lists.

    Raises
    ------
    CatalogueError
        Names every fault, one a line, with the ``path`` and its line.
    """
    try:
        document = load(text)
    except DuplicateKeyError as error:
        raise CatalogueError(f"{_place(error, path)}: found duplicate key{_key(error)}") from None
    except MarkedYAMLError as error:
        raise CatalogueError(f"{_place(error, path)}: not valid YAML: {_problem(error)}") from None
    except (YAMLError, ValueError) as error:
        said = without_credentials(str(error).partition("\n")[0])
        raise CatalogueError(f"{path}: not valid YAML: {said}") from None
    if found := list(_faults(document)):
        raise CatalogueError("\n".join(f"{path}:{line}: {message}" for line, message in found))
    return tuple(as_feed(entry) for entry in sequence_in(document))


def _place(error: MarkedYAMLError, path: Path) -> str:
    mark = error.context_mark if error.context == _IN_QUOTES else error.problem_mark or error.context_mark
    return f"{path}:{mark.line + 1}" if mark else str(path)


def _problem(error: MarkedYAMLError) -> str:
    return _UNCLOSED if error.context == _IN_QUOTES else without_credentials(str(error.problem))


def _key(error: DuplicateKeyError) -> str:
    """The name of the key; ruamel's own message has both values too, which may be addresses with passwords."""
    match = re.match(r'found duplicate key "(\w{1,40})"', str(error.problem))
    return f' "{match[1]}"' if match else ""


def sequence_in(document: CommentedMap) -> CommentedSeq:
    """The entries of a document without faults, as ruamel keeps them."""
    return document["feeds"] if document["feeds"] is not None else CommentedSeq()


def _faults(document: Any) -> Iterator[tuple[int, str]]:
    """Line and message of every fault, in the order of the lines."""
    if not isinstance(document, CommentedMap):
        yield 1, "is empty or no mapping; it begins with `feeds:` and lists the feeds below"
        return
    for key in document:
        if key != "feeds":
            yield document.lc.key(key)[0] + 1, f"{without_credentials(str(key))}: is not known; the one key is `feeds`"
    if "feeds" not in document:
        yield 1, "feeds: is missing"
    elif not isinstance(document["feeds"], CommentedSeq | None):
        yield document.lc.key("feeds")[0] + 1, "feeds: is not a list"
    else:
        yield from _entry_faults(sequence_in(document))


def _entry_faults(sequence: CommentedSeq) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for index, entry in enumerate(sequence):
        line = sequence.lc.item(index)[0] + 1
        if not isinstance(entry, CommentedMap):
            yield line, f"feeds[{index}]: is not a mapping of keys and values"
            continue
        found = dict(faults(entry))
        for key, message in found.items():
            at = entry.lc.key(key)[0] + 1 if key in entry.lc.data else line
            yield at, f"feeds[{index}].{without_credentials(key)}: {message}"
        url = "" if "url" in found else entry["url"]
        if url and (first := seen.setdefault(same_feed(url), index)) != index:
            yield line, f"feeds[{index}].url: {without_credentials(url)} is the same as that of feeds[{first}]"
