"""Two people who change feeds.yaml at the same time: neither loses a change, and a clash is named field by field."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.feeds.catalogue import add_feed, read_catalogue, remove_feed, replace_feed, switch_feeds
from tension.feeds.merging import conflicts, merged
from tension.records import Feed, FeedKind
from tests.feedlists import write_feeds

A, B = "https://a.example/a", "https://b.example/b"
NEW = Feed("https://n.example/rss", "N", "N", "no", "NO", FeedKind.PRESS)


@pytest.fixture
def path(tmp_path):
    file = write_feeds(tmp_path / "feeds.yaml", [A, B])
    file.write_text("# ours\n" + file.read_text())
    return file


def at(path, url):
    return next(feed for feed in read_catalogue(path) if feed.url == url)


def test_changes_of_different_fields_are_both_kept(path):
    seen = at(path, A)
    replace_feed(path, A, replace(seen, weight=2.0), based_on=seen)
    switch_feeds(path, [A], False)
    saved = replace_feed(path, A, replace(seen, name="Mine"), based_on=seen)
    assert saved == at(path, A) == replace(seen, weight=2.0, enabled=False, name="Mine")
    assert path.read_text().startswith("# ours\n")


def test_a_field_that_both_changed_is_named_and_nothing_is_saved(path):
    seen = at(path, A)
    replace_feed(path, A, replace(seen, name="Theirs", weight=2.0, language="fr"), based_on=seen)
    before = path.read_bytes()
    with pytest.raises(CatalogueError) as caught:
        replace_feed(path, A, replace(seen, name="Mine", weight=3.0, language="fr", country="DE"), based_on=seen)
    said = str(caught.value)
    assert 'name: it was "a", they made it "Theirs", you "Mine"' in said
    assert "weight: it was 1.0, they made it 2.0, you 3.0" in said
    assert "language" not in said
    assert "country" not in said
    assert path.read_bytes() == before


def test_without_what_it_was_based_on_an_edit_replaces_all(path):
    seen = at(path, A)
    replace_feed(path, A, replace(seen, name="Theirs"))
    assert replace_feed(path, A, seen) == at(path, A) == seen


def test_an_entry_that_somebody_removed_or_moved_is_not_made_again(path):
    seen = at(path, A)
    remove_feed(path, A)
    with pytest.raises(CatalogueError, match="somebody else has removed it or changed its address"):
        replace_feed(path, A, replace(seen, name="Mine"), based_on=seen)
    assert [feed.url for feed in read_catalogue(path)] == [B]


def test_an_entry_that_somebody_changed_is_not_removed_unseen(path):
    seen = at(path, A)
    replace_feed(path, A, replace(seen, weight=2.0), based_on=seen)
    with pytest.raises(CatalogueError, match=r"has changed a meanwhile \(weight\)"):
        remove_feed(path, A, based_on=seen)
    remove_feed(path, A, based_on=at(path, A))
    assert [feed.url for feed in read_catalogue(path)] == [B]


EDIT = """
import sys
from dataclasses import replace
from pathlib import Path
from tension.feeds.catalogue import read_catalogue, replace_feed
path, url, field, add = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(15):
    seen = next(feed for feed in read_catalogue(path) if feed.url == url)
    value = (getattr(seen, field) or 0) + add
    replace_feed(path, url, replace(seen, **{field: value}), based_on=seen)
"""


def test_two_processes_that_save_at_once_lose_nothing(path):
    command = [sys.executable, "-c", EDIT, str(path), A]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    people = [subprocess.Popen([*command, *of], **pipes) for of in (["weight", "1"], ["interval_minutes", "2"])]
    for person in people:
        assert person.stdout.readline() == "ready\n"
    for person in people:
        person.stdin.write("go\n")
        person.stdin.flush()
    for person in people:
        _, errors = person.communicate(timeout=60)
        assert person.returncode == 0, errors
    assert at(path, A) == replace(at(path, A), weight=16.0, interval_minutes=30)
    assert at(path, B).weight == 1.0


def test_of_two_threads_that_change_one_field_at_once_one_is_told(path):
    seen, together, told = at(path, A), threading.Barrier(2), []

    def save(name):
        together.wait()
        try:
            replace_feed(path, A, replace(seen, name=name), based_on=seen)
        except CatalogueError as error:
            told.append((name, str(error)))

    people = [threading.Thread(target=save, args=(name,)) for name in ("Ann", "Bob")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    ((loser, said),) = told
    winner = {"Ann": "Bob", "Bob": "Ann"}[loser]
    assert at(path, A).name == winner
    assert f'they made it "{winner}", you "{loser}"' in said


def test_what_an_editor_saved_between_reading_and_writing_is_kept(path, monkeypatch):
    """An editor takes no lock: its save falls between our reading and our writing."""
    real, saves = catalogue.write_whole, iter(["theirs", None])

    def write_whole(at, text, before):
        if next(saves):
            path.write_text(path.read_text().replace("name: b", "name: By hand"))
        return real(at, text, before)

    monkeypatch.setattr(catalogue, "write_whole", write_whole)
    add_feed(path, NEW)
    assert [feed.name for feed in read_catalogue(path)] == ["a", "By hand", "N"]
    assert sorted(file.name for file in path.parent.iterdir()) == [".feeds.yaml.lock", "feeds.yaml"]


def test_a_file_that_never_rests_is_left_alone(path, monkeypatch):
    monkeypatch.setattr(catalogue, "write_whole", lambda at, text, before: False)
    with pytest.raises(CatalogueError, match="is being written to by another program"):
        add_feed(path, NEW)


some = st.builds(
    Feed,
    url=st.just(A),
    name=st.sampled_from("xyz"),
    publisher=st.sampled_from("xyz"),
    language=st.sampled_from(["en", "fr"]),
    country=st.just("GB"),
    kind=st.sampled_from(FeedKind),
    weight=st.sampled_from([1.0, 2.0]),
)


@given(some, some, some)
def test_a_merge_has_every_change_or_a_clash(based_on, mine, theirs):
    both = merged(based_on, mine, theirs)
    clashing = {line.partition(":")[0] for line in conflicts(based_on, mine, theirs)}
    for name in {field.name for field in fields(Feed)} - clashing:
        was, me, they = (getattr(feed, name) for feed in (based_on, mine, theirs))
        assert getattr(both, name) == (they if me == was else me)
        assert getattr(both, name) == (me if they == was else they)
    assert bool(clashing) == (conflicts(based_on, theirs, mine) != [])
