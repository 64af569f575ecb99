"""The command line is a contract: what scripts read stays as it is."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tension.cli import main
from tension.exports import INDEX_COLUMNS
from tension.feeds.catalogue import read_catalogue
from tension.signals.codebook import KEYS
from tests.feedlists import write_feeds
from tests.sites import Site


@pytest.fixture
def tension(tmp_path, monkeypatch):
    """Runs a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"HOME": "state", "FEEDS": "feeds.yaml", "ALLOWED_NETWORKS": "127.0.0.0/8"}.items():
        monkeypatch.setenv(f"TENSION_{name}", value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


@pytest.fixture
def watched(replay_server, tmp_path) -> str:
    server = replay_server("feeds/captured").url
    write_feeds(tmp_path / "feeds.yaml", [f"{server}/files/bbc.xml", f"{server}/faults/status-500"])
    return server


def test_poll_prints_one_json_object_a_feed_and_nothing_else(tension, watched):
    result = tension("poll", "--json")
    assert result.exit_code == 0
    polls = {poll["url"].rpartition("/")[2]: poll for poll in map(json.loads, result.stdout.splitlines())}
    assert list(polls["bbc.xml"]) == ["url", "status", "reason", "n_items", "n_new", "seconds"]
    assert (polls["bbc.xml"]["status"], polls["bbc.xml"]["n_new"]) == ("ok", 33)
    assert (polls["status-500"]["status"], polls["status-500"]["n_items"]) == ("failed", 0)
    assert "500" in polls["status-500"]["reason"]
    again = [json.loads(line) for line in tension("poll", "--json").stdout.splitlines()]
    assert {poll["status"] for poll in again} == {"not_modified", "failed"}


def test_poll_prints_a_line_a_feed(tension, watched):
    result = tension("poll")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)
    assert "2 feeds, 1 failed, 33 new articles" in result.stderr


def test_poll_goes_on_with_the_last_good_list_and_says_what_is_wrong_with_the_new_one(tension, watched, tmp_path):
    assert tension("poll").exit_code == 0
    path = tmp_path / "feeds.yaml"
    path.write_text(path.read_text() + "  - url: https://b.example/\n    colour: blue\n")
    result = tension("poll", "--json")
    assert result.exit_code == 1
    assert len([json.loads(line) for line in result.stdout.splitlines()]) == 2
    assert result.stderr.startswith("Error: ")
    assert "feeds[2].colour" in result.stderr


def test_code_reads_csv_and_writes_json_lines(tension, tmp_path):
    expulsion = "Russia expels ten American diplomats in retaliation for sanctions"
    (tmp_path / "in.csv").write_text(f"ID,Headline,Junk\na7,{expulsion},?\nb8,Cup final tonight,?\n")
    result = tension("code", "in.csv", "--output", "out.jsonl")
    assert result.exit_code == 0, result.output
    expelled, cup = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (expelled["id"], expelled["involvement"]) == ("a7", "direct")
    assert {"expulsion", "sanctions"} <= set(expelled["signals"])
    assert list(expelled["probabilities"]) == list(KEYS)
    assert expelled["intensity"] > 3 > cup["intensity"]
    assert {span["signal"] for span in expelled["evidence"]} == set(expelled["signals"])
    assert all(span["text"] in expulsion for span in expelled["evidence"])
    assert (cup["id"], cup["involvement"], cup["signals"], cup["evidence"]) == ("b8", "none", [], [])


def test_a_file_without_dates_is_refused_and_not_taken_for_todays_news(tension, tmp_path):
    (tmp_path / "old.csv").write_text("found,title\n2020-01-02,Russia expels two NATO diplomats\n")
    result = tension("load", "old.csv")
    assert result.exit_code == 1
    assert "no row has a date; say which column has it with --columns published_at=" in result.stderr
    assert "1 new articles" in tension("load", "old.csv", "--columns", "published_at=found").stderr


def test_code_reads_json_lines_without_ids(tension, tmp_path):
    rows = [{"title": "Moscou expulse huit diplomates français", "language": "fr"}, {"title": "", "text": None}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert tension("code", "in.jsonl", "--output", "out.jsonl").exit_code == 0
    coded = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["id"] for line in coded] == ["1", "2"]
    assert "expulsion" in coded[0]["signals"]
    assert coded[1]["involvement"] == "none"


def test_load_and_index(tension, tmp_path):
    with gzip.open(tmp_path / "press.csv.gz", "wt", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["first_seen", "headline", "link", "extra"])
        for day in range(1, 29):
            war = "Russian missiles hit Kyiv as NATO warns Moscow" if day >= 24 else "Ministers discuss the budget"
            for n in range(10):
                link = f"https://press.example/{day}/{n}"
                rows.writerow([f"2022-02-{day:02d}T10:00:00Z", f"{war} ({day}, {n})", link, "x"])
        rows.writerow(["2022-02-10", "", "https://press.example/empty", "x"])
    result = tension(
        "load", "press.csv.gz", "--columns", "published_at=first_seen", "--source", "press", "--language", "en"
    )
    assert result.exit_code == 0, result.output
    assert "281 rows, 280 new articles, 1 without words or date" in result.stderr
    assert "0 new articles" in tension("load", "press.csv.gz", "--source", "press").stderr

    assert tension("index", "--output", "index.csv").exit_code == 0
    table = pd.read_csv("index.csv", parse_dates=["date"])
    assert list(table.columns) == list(INDEX_COLUMNS)
    assert (len(table), table["n_articles"].sum()) == (28, 280)
    assert table["index"].iloc[23:].min() > 5 * table["index"].iloc[:23].max()
    assert table["coverage_share"].eq(1).all()
    assert set(table["status"]) == {"final"}

    weeks = pd.read_csv(
        io.StringIO(tension("index", "--output", "-", "--frequency", "W", "--start", "2022-02-14").stdout)
    )
    assert weeks["date"].tolist() == ["2022-02-14", "2022-02-21", "2022-02-28"]


def test_errors_are_one_line_and_status_1(tension, tmp_path):
    for arguments in [
        ("load", "nowhere.csv"),
        ("code", "nowhere.csv", "--output", "o"),
        ("feeds", "remove", "https://a.example/"),
    ]:
        result = tension(*arguments)
        assert result.exit_code == 1, arguments
        assert result.stderr.startswith("Error: ")
        assert "Traceback" not in result.output
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert "none of which is a title" in tension("load", "bad.csv").stderr


def test_an_unknown_setting_is_refused(tension, monkeypatch):
    monkeypatch.setenv("TENSION_FEED", "x")
    assert "unknown setting TENSION_FEED" in tension("feeds", "list").stderr


def test_a_list_of_feeds_is_made_from_the_shipped_one(tension, tmp_path):
    lines = tension("feeds", "list").stdout.splitlines()
    assert len(lines) >= 40
    assert (tmp_path / "feeds.yaml").exists()


def test_a_feed_is_checked_added_exported_imported_and_removed(tension, watched, tmp_path):
    assert tension("feeds", "check").exit_code == 1
    url = f"{watched}/files/svoboda.xml"
    assert tension("feeds", "check", url).exit_code == 0
    assert "name it with --country" in tension("feeds", "add", url).stderr
    assert tension("feeds", "add", url, "--country", "CZ").exit_code == 0
    added = read_catalogue(tmp_path / "feeds.yaml")[-1]
    assert (added.url, added.country, added.language) == (url, "CZ", "ru")
    refused = tension("feeds", "add", f"{watched}/faults/html", "--country", "CZ")
    assert (refused.exit_code, len(read_catalogue(tmp_path / "feeds.yaml"))) == (1, 3)
    assert "HTML page" in refused.stderr

    assert tension("feeds", "export", "--output", "feeds.opml").exit_code == 0
    assert tension("feeds", "remove", url).exit_code == 0
    assert "new" in tension("feeds", "import", "feeds.opml", "--dry-run").stdout
    assert len(read_catalogue(tmp_path / "feeds.yaml")) == 2
    assert tension("feeds", "import", "feeds.opml").exit_code == 0
    assert read_catalogue(tmp_path / "feeds.yaml")[-1] == added


def test_a_site_is_added_by_its_own_address(tension, watched, tmp_path):
    link = '<html><link rel="alternate" type="application/rss+xml" href="{}">'
    one = link.format(f"{watched}/files/svoboda.xml")
    site = Site({"/": one, "/two": one + link.format(f"{watched}/files/dw.xml")})
    try:
        several = tension("feeds", "add", f"{site.url}/two", "--country", "CZ")
        assert several.exit_code == 1
        assert "has 2 feeds; add one by its address" in several.stderr
        assert f"{watched}/files/dw.xml" in several.stderr
        assert tension("feeds", "add", site.url, "--country", "CZ").exit_code == 0
    finally:
        site.close()
    assert read_catalogue(tmp_path / "feeds.yaml")[-1].url == f"{watched}/files/svoboda.xml"


def test_feeds_are_switched_and_edited(tension, watched, tmp_path):
    url = f"{watched}/files/bbc.xml"
    before = read_catalogue(tmp_path / "feeds.yaml")
    assert tension("feeds", "off", *(feed.url for feed in before)).stdout == "2 switched off\n"
    assert [feed.enabled for feed in read_catalogue(tmp_path / "feeds.yaml")] == [False, False]
    assert tension("feeds", "on", url).exit_code == 0
    assert tension("feeds", "off", url, "https://unknown.example/").exit_code == 1
    assert [feed.enabled for feed in read_catalogue(tmp_path / "feeds.yaml")] == [True, False]
    edited = tension("feeds", "edit", url, "--name", "Beeb", "--weight", "0.5", "--interval-minutes", "30")
    assert "interval_minutes, name, weight" in edited.stdout
    after = read_catalogue(tmp_path / "feeds.yaml")[0]
    assert after == replace(before[0], name="Beeb", weight=0.5, interval_minutes=30)
    assert tension("feeds", "edit", url, "--interval-minutes", "0").exit_code == 0
    assert read_catalogue(tmp_path / "feeds.yaml")[0].interval_minutes is None
    assert tension("feeds", "edit", url).exit_code == 2
    assert "is not in the list" in tension("feeds", "edit", "https://unknown.example/", "--weight", "2").stderr
    assert "language" in tension("feeds", "edit", url, "--language", "English").stderr
    listed = [json.loads(line) for line in tension("feeds", "list", "--json").stdout.splitlines()]
    assert [(feed["name"], feed["enabled"]) for feed in listed] == [("Beeb", True), ("status-500", False)]


def test_a_password_in_an_address_is_not_said_again(tension, watched):
    url = "https://me:secret@site.example/rss"
    for arguments in (("add", url), ("add", url, "--unchecked"), ("edit", url, "--weight", "2"), ("off", url)):
        result = tension("feeds", *arguments)
        assert result.exit_code == 1
        assert "site.example" in result.output
        assert "secret" not in result.output


def test_addresses_are_shown_as_what_they_are(tension, tmp_path):
    lookalike = "https://bbс.example/rss"  # с is Cyrillic
    for url in ("http://me:secret@127.0.0.1:9/", lookalike):
        said = tension("feeds", "check", url).output
        assert "secret" not in said
        assert lookalike not in said
    write_feeds(tmp_path / "feeds.yaml", [lookalike])
    for arguments in (("list",), ("status",), ("edit", lookalike, "--weight", "2"), ("add", lookalike, "--unchecked")):
        said = tension("feeds", *arguments, *(["--country", "GB"] if arguments[0] == "add" else [])).output
        assert "xn--bb-pmc.example" in said
        assert lookalike not in said
    assert json.loads(tension("feeds", "list", "--json").stdout)["url"] == lookalike
    (tmp_path / "a.opml").write_text(f'<opml><body><outline text="x" xmlUrl="{lookalike}"/></body></opml>')
    assert "xn--bb-pmc.example" in tension("feeds", "import", "a.opml", "--dry-run").stdout
    removed = tension("feeds", "remove", lookalike.replace("//", "//me:secret@")).output
    assert removed == "removed https://xn--bb-pmc.example/rss; its articles and its history stay\n"


def test_a_feed_may_be_named_as_browsers_did(tension, watched, tmp_path):
    url = f"{watched}/files/svoboda.xml"
    assert tension("feeds", "add", url.replace("http:", "feed:"), "--country", "CZ").exit_code == 0
    assert tension("feeds", "add", "feed:https://a.example/rss", "--country", "CZ", "--unchecked").exit_code == 0
    assert [feed.url for feed in read_catalogue(tmp_path / "feeds.yaml")[2:]] == [url, "https://a.example/rss"]


def test_a_list_that_cannot_be_written_is_named(tension, watched):
    result = tension("feeds", "export", "--output", "nowhere/x.opml")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: nowhere/x.opml cannot be written: No such file or directory\n",
    )


def test_status_says_how_each_feed_fares(tension, watched):
    assert {json.loads(line)["states"][0] for line in tension("feeds", "status", "--json").stdout.splitlines()} == {
        "waiting"
    }
    tension("poll")
    well, failing = tension("feeds", "status").stdout.splitlines()
    assert well.startswith("well")
    assert " relevant" in well
    assert failing.startswith("failing")
    assert "HTTP 500" in failing
    (only,) = tension("feeds", "status", "--json", "--state", "failing").stdout.splitlines()
    found = json.loads(only)
    assert (found["failures_in_row"], found["relevant_share"], found["last_new_at"]) == (1, None, None)
    assert found["daily"] == [None] * 14


def test_an_import_keeps_those_that_fail_switched_off(tension, watched, tmp_path):
    urls = [f"{watched}/files/bbc.xml", f"{watched}/files/dw.xml", f"{watched}/faults/status-410", "mailto:a@b.example"]
    outlines = "".join(f'<outline text="{url[-6:]}" xmlUrl="{url}"/>' for url in urls)
    (tmp_path / "other.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    dry = tension("feeds", "import", "other.opml", "--dry-run")
    assert [line.split()[0] for line in dry.stdout.splitlines()] == ["known", "new", "failing", "unusable"]
    assert "HTTP 410" in dry.stdout
    assert "mailto: cannot be fetched" in dry.stdout
    assert "2 would be added, 1 of them switched off" in dry.stderr
    assert len(read_catalogue(tmp_path / "feeds.yaml")) == 2
    assert "failing" not in tension("feeds", "import", "other.opml", "--dry-run", "--unchecked").stdout
    assert tension("feeds", "import", "other.opml").exit_code == 0
    after = read_catalogue(tmp_path / "feeds.yaml")[2:]
    assert [(feed.url, feed.enabled) for feed in after] == [(urls[1], True), (urls[2], False)]
    assert "0 were added" in tension("feeds", "import", "other.opml").stderr
