"""A page of articles, searched and filtered, among a million stored ones against ten thousand.

    python benchmarks/articles_at_scale.py [N] [FOLDER]

Times what the page of stories and articles does: reads the articles of one page and how many there are (at most
"10,000+"), and makes the page's cards; then the same as stories. Prints medians in milliseconds of processor time,
SQLite's among it, their ratio and how many cards the two pages have: where the small database has fewer, its page is
cheaper for that. N is the large one's size; one article in twelve is of Russia and NATO. Made-up databases of earlier
runs are taken up where FOLDER has them.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
from scale import LAST, SMALL, WORDS, filled
from sqlalchemy import Connection, Engine, bindparam, select

from tension.dashboard import article_cards as cards
from tension.storage import schema as s
from tension.storage.articles import INVOLVED, ArticleFilter, articles, count_articles
from tension.storage.database import open_database
from tension.storage.listing import list_all
from tension.storage.stories import stories

ROUNDS, PAGE, MOST = 9, 25, 10_001
BEGINNING = Counter(word[:3] for word in WORDS).most_common(1)[0][0]
EVERYTHING = ArticleFilter(until=LAST)
INVOLVED_ONLY = ArticleFilter(until=LAST, involvement=INVOLVED)
MONTH = replace(INVOLVED_ONLY, since=LAST - timedelta(days=29))
PAGES: dict[str, tuple[ArticleFilter, bool]] = {
    "none": (INVOLVED_ONLY, False),
    "all articles": (EVERYTHING, False),
    "a signal": (replace(INVOLVED_ONLY, signals=["expulsion"]), False),
    "a word": (replace(EVERYTHING, words=WORDS[7]), False),
    "beginning of words": (replace(EVERYTHING, words=BEGINNING), False),
    "a word, involved": (replace(INVOLVED_ONLY, words=WORDS[7]), False),
    "a word and a signal": (replace(INVOLVED_ONLY, words=WORDS[7], signals=["expulsion"]), False),
    "a feed": (replace(INVOLVED_ONLY, feed_ids=[3]), False),
    "a country named": (replace(INVOLVED_ONLY, named=["US"]), False),
    "strongest of a month": (MONTH, True),
    "strongest of a word": (replace(EVERYTHING, words=BEGINNING), True),
    "strongest of all": (INVOLVED_ONLY, True),
}


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        engines = {n: stored(folder / str(n), n) for n in (SMALL, large)}
        for view in (listed, told):
            print(f"{view.__name__:28} {SMALL:>9,} {large:>11,}   ratio")
            for name, (chosen, strongest) in PAGES.items():
                pages = [partial(view, engine, chosen, strongest) for engine in engines.values()]
                few, many = (median(page) for page in pages)
                n = " / ".join(str(page().count("<article ")) for page in pages)
                print(f"  {name:26} {few:6.1f} ms {many:8.1f} ms {many / few:7.2f}   {n} cards")


def stored(home: Path, n: int) -> Engine:
    """A database of n coded articles, some of them involved, and of these some strong."""
    if not (home / "tension.sqlite").exists():
        engine = filled(home, n).store.engine
        with engine.begin() as connection:
            strengthen(connection)
            list_all(connection)
    return open_database(f"sqlite:///{home / 'tension.sqlite'}")


def strengthen(connection: Connection) -> None:
    c = s.coding.c
    tense = connection.execute(select(c.article_id).where(c.p_direct > 0)).scalars().all()
    strengths = np.random.default_rng(2).gamma(1.0, 2.0, len(tense)).clip(0, 10).tolist()
    connection.execute(s.coding.update().values(involvement="none"))
    stronger = (
        s.coding.update().where(c.article_id == bindparam("of")).values(acts=bindparam("now"), involvement="direct")
    )
    connection.execute(stronger, [{"of": of, "now": now} for of, now in zip(tense, strengths, strict=True)])


def listed(engine: Engine, chosen: ArticleFilter, strongest: bool) -> str:
    count_articles(engine, chosen, MOST)
    shown = articles(engine, chosen, limit=PAGE, strongest_first=strongest)
    return cards.page("articles", (cards.article_card(article) for _, article in shown.iterrows()))


def told(engine: Engine, chosen: ArticleFilter, strongest: bool) -> str:
    count_articles(engine, chosen, MOST)
    return cards.page("stories", map(cards.story_card, stories(engine, chosen, limit=PAGE, strongest_first=strongest)))


def median(work: Callable[[], object]) -> float:
    """Milliseconds of processor time, after a first time that warms what is cached."""
    work()
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    main()
