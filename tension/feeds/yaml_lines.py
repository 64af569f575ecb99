"""Edits of a YAML list of mappings by its lines: whatever is not edited stays as it was written, byte for byte.

Notes
-----
ruamel.yaml keeps comments when it writes a whole file, but hangs them on the value before: with an entry it would
take away the heading of the next. So only the lines of the edited entry pass through it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_EMPTY_OR_COMMENT = re.compile(r"\s*(?:#.*)?$")
_NO_FEEDS = re.compile(r"^feeds:(?:\s*(?:\[\s*\]|null|~))?")  # not the space before a comment
# what readers of YAML 1.1 take for a truth value, Norwegian among it
_YAML_1_1 = re.compile(r"y|yes|n|no|true|false|on|off|null|~", re.IGNORECASE)


def load(text: str) -> Any:
    """The document in ruamel's round-trip types; raises `ruamel.yaml.error.YAMLError`."""
    return _yaml().load(text)


def uses_anchors(text: str) -> bool:
    """Whether a part of a document stands for another, by ``&``, ``*`` or ``<<``: lines then say only half of it."""
    return any(getattr(event, "anchor", None) for event in _yaml().parse(text))


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines of a document that holds one list of mappings, and where each entry stands.

    ``spans`` are half-open ranges of lines, without the comments and empty lines around; ``dash`` and ``inner`` the
    columns of the dashes and of the keys.
    """

    lines: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    dash: int
    inner: int

    @classmethod
    def of(cls, text: str, sequence: CommentedSeq) -> Listing:
        """Find the entries; ValueError when they are not written one below the other."""
        lines = tuple(_LINES.findall(text))
        if sequence and sequence.fa.flow_style():
            raise ValueError("the list is written in brackets")
        starts = [_dash_line(lines, sequence.lc.item(index)[0]) for index in range(len(sequence))]
        ends = [_last_content(lines, end) for end in [*starts[1:], len(lines)][: len(starts)]]
        inner = sequence.lc.item(0)[1] if sequence else 4
        dash = len(lines[starts[0]]) - len(lines[starts[0]].lstrip()) if sequence else 2
        return cls(lines, tuple(zip(starts, ends, strict=True)), dash, inner)

    def without(self, index: int) -> str:
        """The text without an entry; the comments around it stay."""
        first, end = self.spans[index]
        head, tail = self.lines[:first], self.lines[end:]
        if head and not head[-1].strip() and (not tail or not tail[0].strip()):
            head = head[:-1]
        return "".join(head + tail)

    def updated(self, changes: Mapping[int, Mapping[str, Any]], defaults: Mapping[str, Any]) -> str:
        """The text with new values for some entries; what stays the same keeps its writing or its absence."""
        lines = list(self.lines)
        for index in sorted(changes, reverse=True):  # from below, so that the spans above stay true
            first, end = self.spans[index]
            entry = self._entry(index)
            for key, value in changes[index].items():
                if entry.get(key, defaults.get(key)) != value:
                    entry[key] = _written(value)
            lines[first:end] = self._entry_lines(entry)
        return "".join(lines)

    def _entry(self, index: int) -> CommentedMap:
        first, end = self.spans[index]
        own = [line.expandtabs() for line in self.lines[first:end]]
        own[0] = own[0].replace("-", " ", 1)
        entry: CommentedMap = load("".join(re.sub(f"^ {{0,{self.inner}}}", "", line) for line in own))
        return entry

    def extended(self, *entries: Mapping[str, Any]) -> str:
        """The text with new entries after the last one."""
        spaced = len(self.spans) > 1 and not self.lines[self.spans[-1][0] - 1].strip()
        new: list[str] = []
        for entry in entries:
            written = CommentedMap({key: _written(value) for key, value in entry.items()})
            new += [*([self._newline()] if spaced else []), *self._entry_lines(written)]
        if not self.spans:
            return self._first(new)
        end = self.spans[-1][1]
        head = list(self.lines[:end])
        if not head[-1].endswith(("\n", "\r")):
            head[-1] += self._newline()
        return "".join([*head, *new, *self.lines[end:]])

    def _first(self, new: list[str]) -> str:
        at = next((number for number, line in enumerate(self.lines) if line.startswith("feeds:")), None)
        if at is None:
            raise ValueError("no line begins with `feeds:`")
        line = _NO_FEEDS.sub("feeds:", self.lines[at]).rstrip() + self._newline()
        return "".join([*self.lines[:at], line, *new, *self.lines[at + 1 :]])

    def _entry_lines(self, entry: CommentedMap) -> list[str]:
        out = io.StringIO()
        _yaml().dump(entry, out)
        lines = [f"{' ' * self.inner}{line}".rstrip() + self._newline() for line in out.getvalue().splitlines()]
        lines[0] = f"{' ' * self.dash}-{lines[0][self.dash + 1 :]}"
        return lines

    def _newline(self) -> str:
        return "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"


class _Exact(RoundTripRepresenter):
    """Writes a number as it was written, but never as another number: ruamel's own way loses exponents' digits."""

    def represent_scalar_float(self, data: ScalarFloat) -> ScalarNode:
        node: ScalarNode = super().represent_scalar_float(data)
        return node if float(node.value) == data else self.represent_float(float(data))


_Exact.add_representer(ScalarFloat, _Exact.represent_scalar_float)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Representer = _Exact
    yaml.preserve_quotes = True
    yaml.width = 100_000
    return yaml


def _dash_line(lines: tuple[str, ...], line: int) -> int:
    while line > 0 and not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def _last_content(lines: tuple[str, ...], end: int) -> int:
    while end > 0 and (_EMPTY_OR_COMMENT.match(lines[end - 1]) or lines[end - 1].rstrip() == "..."):
        end -= 1
    return end


def _written(value: Any) -> Any:
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _YAML_1_1.fullmatch(value) else value
