"""Markup as feeds carry it becomes plain text. Pure."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

_READ_CHARACTERS = 100_000
_ROUNDS = 6
_BLOCK = re.compile(
    r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|t[dh]|table|blockquote|hr|img|figure|figcaption|section|article|dd|dt)\b)",
    re.IGNORECASE,
)
# controls, soft hyphens, zero-width spaces, all that turns the direction of writing, BOM, surrogates, non-characters
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACE = re.compile(r"\s+")


def plain_text(markup: str, max_characters: int) -> str:
    """Clean a title or summary.

    Tags, scripts, styles and comments are gone, character references resolved however often they were escaped,
    white space is collapsed, letters are in normal form C; controls and characters that turn the direction of
    writing are dropped. The result may still begin with ``=``: whoever writes a CSV must see to that.

    Parameters
    ----------
    markup
        HTML, escaped HTML or plain text; only the first 100,000 characters are read.
    max_characters
        Longer text is cut at the end of a word and gets an ellipsis within this length.
    """
    text = markup[:_READ_CHARACTERS]
    for _ in range(_ROUNDS):
        before, text = text, _tidy(_untagged(text))
        if text == before:
            break
    else:
        text = _tidy(text.replace("<", " "))
    return _cut(text, max_characters)


def one_line(text: str, max_characters: int) -> str:
    """A message as a table, a log or a terminal can show it: on one line, without invisible characters."""
    return _cut(_tidy(text), max_characters)


def _untagged(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    return html.unescape(nh3.clean(_BLOCK.sub(" <", text), tags=set()))


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", text).strip()


def _cut(text: str, max_characters: int) -> str:
    if len(text) <= max_characters:
        return text
    head = text[: max_characters - 1]
    words, space, _ = head.rpartition(" ")
    return (words if space and len(words) > max_characters // 2 else head).rstrip() + "…"
