"""A real `tension run` in a process of its own, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A server on loopback with its state in a folder; the folder holds its feeds.yaml and its log."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, port = folder, free_port()
        self.url = f"http://127.0.0.1:{port}"
        given = {
            "HOME": folder / "state",
            "FEEDS": folder / "feeds.yaml",
            "PORT": port,
            "ALLOWED_NETWORKS": "127.0.0.0/8",
        } | settings
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TENSION_")}
        self._log = (folder / f"log-{port}").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tension", "run"],
            env=clean | {f"TENSION_{name}": str(value) for name, value in given.items()},
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log
            try:
                requests.get(f"{self.url}/healthz", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"no answer from {self.url}: {self.log}")

    def wait_until_polled(self) -> dict[str, object]:
        """Wait until every feed was asked and the index is published; gives the health."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            health = requests.get(f"{self.url}/healthz", timeout=5).json()
            if not health["feeds_waiting"] and requests.get(f"{self.url}/api/index.json", timeout=5).json():
                return health
            time.sleep(0.1)
        raise AssertionError(f"the first poll does not end: {health} {self.log}")

    def stop(self) -> float:
        """Ask it to end; gives the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - started

    @property
    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text()
