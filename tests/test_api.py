"""The plain addresses that programs use."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pandas as pd
import pytest
import requests
import uvicorn
from starlette.applications import Starlette

from tension import api
from tension.exports import INDEX_COLUMNS
from tension.exports.choice import FORMATS, TAKES
from tension.exports.formats import MEDIA_TYPES
from tension.exports.tables import COLUMNS
from tension.pipeline import Pipeline, utc_now
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds


@pytest.fixture(scope="module")
def store(replay_server, tmp_path_factory):
    settings = loopback_settings(tmp_path_factory.mktemp("api"))
    server = replay_server("feeds/captured")
    write_feeds(settings.feeds, [f"{server.url}/files/bbc.xml", f"{server.url}/faults/good"])
    store = Store.open(settings.url)
    with Pipeline(settings, store) as pipeline:
        pipeline.sync_catalogue()
        pipeline.run_cycle()
    yield store
    store.engine.dispose()


class Client:
    """Asks a server on loopback."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"

    def get(
        self, path: str, params: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        return requests.get(self.base + path, params, headers=headers, timeout=30)


@contextmanager
def serving(store: Store, started_at: datetime) -> Iterator[Client]:
    app = Starlette(routes=api.routes(lambda: store.engine, started_at))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Client(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def client(store):
    with serving(store, utc_now()) as client:
        yield client


def test_the_index_can_be_read_by_pandas(client):
    answer = client.get("/api/index.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    table = pd.read_csv(io.StringIO(answer.text), parse_dates=["date"])
    assert list(table.columns) == list(INDEX_COLUMNS)
    assert table["n_articles"].sum() == 53
    assert table["index"].iloc[-1] > 0
    assert (table["date"].diff().dropna() == pd.Timedelta(days=1)).all()


def test_json_says_the_same_with_null_for_no_value(client):
    records = client.get("/api/index.json").json()
    table = pd.read_csv(io.StringIO(client.get("/api/index.csv").text))
    assert [record["date"] for record in records] == table["date"].tolist()
    assert records[-1]["index"] == pytest.approx(table["index"].iloc[-1], abs=1e-5)
    assert records[-1]["band_low"] <= records[-1]["index"] <= records[-1]["band_high"]
    (unseen,) = client.get("/api/index.json", params={"start": "2001-01-01", "end": "2001-01-01"}).json()
    assert (unseen["index"], unseen["band_low"], unseen["n_articles"]) == (None, None, 0)


def test_a_range_and_a_frequency_can_be_asked_for(client):
    today = utc_now().date()
    days = client.get("/api/index.json", params={"start": str(today - timedelta(days=2)), "end": str(today)}).json()
    assert len(days) == 3
    months = client.get("/api/index.json", params={"frequency": "M"}).json()
    assert all(record["date"].endswith("-01") for record in months)
    early = client.get("/api/index.json", params={"as_of": "2020-01-01"}).json()
    assert early == []


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("name", TAKES)
def test_pandas_reads_every_table_from_its_address(client, name, file_format):
    read = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[file_format]
    table = read(f"{client.base}/api/{name}.{file_format}")
    assert list(table.columns) == list(COLUMNS[name])
    assert len(table) == len(pd.read_csv(f"{client.base}/api/{name}.csv")) > 0
    headers = client.get(f"/api/{name}.{file_format}").headers
    assert headers["content-type"].partition(";")[0] == MEDIA_TYPES[file_format]
    assert headers["content-disposition"] == f'attachment; filename="tension-{name}.{file_format}"'
    assert headers["cache-control"] == "no-cache"


def test_the_three_formats_say_the_same(client):
    csv = pd.read_csv(f"{client.base}/api/index.csv", parse_dates=["date", "vintage_at"])
    parquet = pd.read_parquet(f"{client.base}/api/index.parquet")
    json = pd.read_json(f"{client.base}/api/index.json")
    for other in (parquet, json):
        assert (other["date"] == csv["date"]).all()
        for name in ("index", "net", "easing", "n_articles", "n_stories", "coverage_share"):
            pd.testing.assert_series_equal(other[name], csv[name], check_dtype=False, atol=1e-6)
    assert json["vintage_at"].dtype.tz is not None
    assert parquet["status"].tolist() == csv["status"].tolist() == json["status"].tolist()


def test_who_has_the_file_is_spared_it(client):
    first = client.get("/api/index.csv?end=2001-01-01&start=2001-01-01")
    again = client.get(
        "/api/index.csv?end=2001-01-01&start=2001-01-01", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(
        "/api/index.csv?end=2001-01-02&start=2001-01-01", headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "index.csv?start=tomorrow",
        "index.json?end=2022-13-01",
        "index.parquet?frequency=Y",
        "index.csv?as_of=then",
        "index.csv?frequncy=W",
        "index.csv?day=2022-01-01",
        "index.csv?start=2022-02-02&end=2022-02-01",
        "index.csv?frequency=H&start=2022-02-02",
        "signals.csv?signal=weather",
        "contributions.json?day=today",
        "stories.json?start=2010-01-01",
        "codings.parquet?signal=weather",
        "codings.csv?as_of=2022-02-01",
    ],
)
def test_a_bad_parameter_is_named(client, query):
    answer = client.get(f"/api/{query}")
    assert answer.status_code == 400
    assert any(
        answer.json()["error"].startswith(f"{part.partition('=')[0]}: ") for part in query.partition("?")[2].split("&")
    )


def test_a_day_without_a_value_cannot_be_opened(client):
    answer = client.get("/api/contributions.csv?day=2001-01-01")
    assert (answer.status_code, answer.json()["error"]) == (404, "day: 2001-01-01 has no value")


def test_what_is_left_empty_is_left_out(client):
    everything = client.get("/api/index.csv").content
    assert client.get("/api/index.csv?start=&end=&frequency=&as_of=").content == everything


def test_stories_and_contributions_open_the_last_value(client):
    last = client.get("/api/index.json").json()[-1]
    rows = pd.read_json(f"{client.base}/api/contributions.json?day={last['date']}")
    assert rows.loc[rows["kind"] != "easing", "points"].sum() == pytest.approx(last["index"], abs=1e-3)
    stories = pd.read_json(f"{client.base}/api/stories.json?start={last['date']}&end={last['date']}")
    assert 0 < stories["points"].sum() <= last["index"]
    signals = pd.read_json(f"{client.base}/api/signals.json?start={last['date']}")
    assert signals["index"].iloc[0] == pytest.approx(last["index"], abs=1e-5)


def test_the_codings_are_a_table_without_formulas(client):
    table = pd.read_csv(io.StringIO(client.get("/api/codings.csv").text))
    assert len(table) == 53
    expelled = pd.read_csv(io.StringIO(client.get("/api/codings.csv?signal=expulsion").text))
    assert 20 <= len(expelled) < 53
    assert expelled["signals"].str.contains("expulsion").all()
    assert client.get("/api/codings.csv?signal=weather").status_code == 400


def test_what_is_not_there_is_not_the_page(client):
    for path in ("/api/v2/anything", "/api", "/api/index.xlsx", "/api/weather.csv"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "/api/index.csv" in answer.json()["error"]
        assert "/api/codings.parquet" in answer.json()["error"]


def test_health_is_well_while_polling_goes_on_and_not_when_it_has_stalled(store, client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    long_ago = utc_now() - timedelta(days=2)
    store.sync_feeds([state.feed for state in store.watched()], long_ago)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE feed SET next_poll_at = '2020-01-01 00:00:00.000000'")
    with serving(store, long_ago) as other:
        stalled = other.get("/healthz")
    assert (stalled.status_code, stalled.json()["status"]) == (503, "stalled")
    assert "stalled" in stalled.json()["reason"]


def test_metrics_can_be_scraped(client):
    text = client.get("/metrics").text
    assert 'tension_feeds{status="ok"} 2.0' in text
    assert "tension_index " in text
