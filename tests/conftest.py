"""Fixtures for all tests."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tension", deadline=None)  # how long an example takes says nothing on a loaded machine
settings.load_profile("tension")

pytest_plugins = ["tests.databases"]

_SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of captured feeds, which is no part of the project."""
    if not (_SHARED / "feeds").is_dir():
        pytest.skip(f"captured feeds are not here: no {_SHARED / 'feeds'}")
    return _SHARED


@dataclass(frozen=True)
class Replay:
    """A running replay server; ``url`` has no slash at its end."""

    url: str

    def set_clock(self, day: str) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/clock?date={day}", method="PUT")).close()

    def stats(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def replay_server(shared: Path) -> Iterator[Callable[[str], Replay]]:
    """Starts a replay server for a folder below ``shared``; a second call for the same folder gives the same one."""
    servers: dict[str, tuple[Replay, subprocess.Popen[str]]] = {}

    def start(root: str = "feeds/captured") -> Replay:
        if root not in servers:
            command = [sys.executable, str(shared / "replay_server.py"), "--root", str(shared / root), "--port", "0"]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            assert server.stdout is not None
            servers[root] = (Replay(f"http://127.0.0.1:{int(server.stdout.readline())}"), server)
        return servers[root][0]

    yield start
    for _, server in servers.values():
        server.kill()
        server.communicate()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The very last line says how many tests were left out, and why."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped:
        reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
        print("left out: " + "; ".join(f"{n} ({reason})" for reason, n in reasons.most_common()))
