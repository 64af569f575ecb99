"""Le Monde's three feeds, polled once a day for the 176 days captured from January to June 2022, end to end.

    python benchmarks/replay_half_year.py ../shared

Prints the week of the peak, how many articles were stored, and the time against feedparser alone (parsing the same
documents with its defaults, storing and coding nothing) in one run.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import feedparser

from tension.exports import index_table
from tension.pipeline import Pipeline
from tension.settings import Settings
from tension.storage.store import Store

ENTRY = """\
  - url: {0}/feeds/{1}.xml
    name: {1}
    publisher: lemonde
    language: fr
    country: FR
    kind: press
    enabled: true"""


def main() -> None:
    shared = Path(sys.argv[1])
    captures = shared / "feeds" / "lemonde_2022h1"
    command = [sys.executable, str(shared / "replay_server.py"), "--root", str(captures), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, tempfile.TemporaryDirectory() as home:
        assert server.stdout
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        try:
            ours = replay(base, Path(home))
        finally:
            server.terminate()
    started = time.perf_counter()
    for file in captures.glob("*.xml"):
        feedparser.parse(io.BytesIO(file.read_bytes()))
    alone = time.perf_counter() - started
    print(f"feedparser alone {alone:.1f} s; ratio of the whole way to it {ours / alone:.2f}")


def replay(base: str, home: Path) -> float:
    feeds = home / "feeds.yaml"
    entries = [ENTRY.format(base, name) for name in ("une", "europe", "international")]
    feeds.write_text("feeds:\n" + "\n".join(entries) + "\n")
    settings = Settings(home=home, feeds=feeds, allowed_networks="127.0.0.0/8")
    clock = datetime(2022, 1, 1, tzinfo=UTC)
    new = 0
    started = time.perf_counter()
    with Pipeline(settings, Store.open(settings.url), now=lambda: clock) as pipeline:
        pipeline.sync_catalogue()
        for day in json.load(urlopen(f"{base}/dates")):
            urlopen(Request(f"{base}/clock?date={day}", method="PUT"))
            clock = datetime.fromisoformat(day).replace(hour=20, tzinfo=UTC)
            new += sum(poll.n_new for poll in pipeline.run_cycle())
        seconds = time.perf_counter() - started
        weeks = index_table(pipeline.store.engine, frequency="W").set_index("date")["index"]
    print(f"the whole way {seconds:.1f} s, {new} articles; peak in the week of {weeks.idxmax():%Y-%m-%d}")
    print(weeks.dropna().round(0).astype(int).to_string())
    return seconds


if __name__ == "__main__":
    main()
