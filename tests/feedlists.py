"""Lists of feeds on loopback, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tension.settings import Settings

ENTRY = """\
  - url: {url}
    name: {name}
    publisher: {publisher}
    language: {language}
    country: FR
    kind: press
    enabled: true
"""


def write_feeds(path: Path, urls: Iterable[str], language: str = "en", publisher: str | None = None) -> Path:
    """A feeds.yaml; each feed is named like the last part of its address, and is a family of its own unless told."""
    entries = []
    for url in urls:
        name = url.rpartition("/")[2].removesuffix(".xml")
        entries.append(ENTRY.format(url=url, name=name, publisher=publisher or name, language=language))
    path.write_text("feeds:\n" + "".join(entries), encoding="utf-8")
    return path


def loopback_settings(home: Path, **more: object) -> Settings:
    """Settings with their state and list of feeds in a folder, that may fetch from loopback."""
    return Settings(home=home, feeds=home / "feeds.yaml", allowed_networks="127.0.0.0/8", **more)
