"""Stories are listed once each, by whichever of their articles fits, and open with all that told them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tension.records import Involvement
from tension.storage import schema as s
from tension.storage.articles import ArticleFilter
from tension.storage.stories import stories, story_of
from tests.test_search import NOW, article, coding, filled

TITLES = ["Envoys go", "Envoys leave", "Talks open", "Envoys gone", "Talks begin"]


def told(store) -> dict[str, int]:
    """Five articles a day apart that tell two stories; gives their ids by title."""
    items = [article(n, title, "nato", NOW - timedelta(days=n)) for n, title in enumerate(TITLES)]
    codings = [coding(acts=acts) for acts in (1.0, 6.0, 2.0, 3.0, 9.0)]
    codings[2] = replace(codings[2], involvement=Involvement.NONE)
    filled(store, items, codings)
    with store.engine.begin() as connection:
        ids = {row.title: row.id for row in connection.execute(s.article.select())}
        for lead, *others in (("Envoys go", "Envoys leave", "Envoys gone"), ("Talks open", "Talks begin")):
            members = [ids[lead], *(ids[title] for title in others)]
            connection.execute(s.article.update().where(s.article.c.id.in_(members)).values(story_id=min(members)))
            row = {"id": min(members), "n_articles": len(members), "n_families": len(members), "weight": 1.0}
            connection.execute(s.story.insert(), row)
    return ids


def leads(found) -> list[str]:
    return [story.articles["title"][story.lead] for story in found]


def test_a_story_stands_where_the_first_of_its_articles_stands_that_fits(store):
    told(store)
    found = stories(store.engine, ArticleFilter(), limit=5)
    assert leads(found) == ["Envoys leave", "Talks begin"]
    assert [story.n_articles for story in found] == [3, 2]
    assert found[0].articles["title"].tolist() == ["Envoys gone", "Envoys leave", "Envoys go"]
    assert found[0].span == (NOW - timedelta(days=3), NOW)
    assert (found[0].signals, found[0].n_publishers) == ({"expulsion": 3}, 3)
    strongest = stories(store.engine, ArticleFilter(), limit=5, strongest_first=True)
    assert leads(strongest) == ["Talks begin", "Envoys leave"]
    assert leads(stories(store.engine, ArticleFilter(words="talks"), limit=5)) == ["Talks begin"]
    assert leads(stories(store.engine, ArticleFilter(words="nothing"), limit=5)) == []


def test_pages_of_stories_hold_each_story_once(store):
    told(store)
    pages = [leads(stories(store.engine, ArticleFilter(words="nato"), limit=1, offset=n)) for n in range(3)]
    assert pages == [["Envoys leave"], ["Talks begin"], []]
    assert leads(stories(store.engine, ArticleFilter(), limit=5, most=2)) == ["Envoys leave"]


def test_a_story_opens_by_the_id_of_any_of_its_articles(store):
    ids = told(store)
    for title in ("Talks open", "Talks begin"):
        story = story_of(store.engine, ids[title])
        assert story is not None
        assert story.articles["title"].tolist() == ["Talks begin", "Talks open"]
    assert story_of(store.engine, 10**15) is None
