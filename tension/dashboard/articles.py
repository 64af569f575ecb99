"""Articles: what moved the index, with the words that spoke for each signal."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from tension.dashboard import reading, words
from tension.records import ReadText
from tension.signals.codebook import BY_KEY, SIGNALS, Kind
from tension.storage.articles import INVOLVED, ArticleFilter

PAGE_SIZE = 25

STYLE = """<style>
.article{border-left:4px solid #8a8f98;padding:.1rem 0 .1rem .9rem;margin:0 0 1.1rem}
.article.direct{border-color:#D55E00}.article.partner{border-color:#E69F00}
.article h3{font-size:1.05rem;margin:0 0 .15rem;padding:0;font-weight:600;line-height:1.35}
.article p{margin:.15rem 0}.article .about{font-size:.85rem;opacity:.8}
.article mark{background:#ffe08a;color:#1b1b1b;border-radius:2px;padding:0 .1em}
.article a{color:inherit}.chip{display:inline-block;font-size:.78rem;
border:1px solid;border-radius:1rem;padding:0 .55rem;
margin:.1rem .3rem .1rem 0}.chip.easing{color:#008a63}.chip.threat{color:#a86d00}.chip.act{color:#c04d00}
</style>"""


def choose() -> tuple[ArticleFilter, bool]:
    """The filter as the reader sets it; all of it stands in the URL."""
    today = reading.today()
    feeds = reading.feeds()
    top = st.columns([1.1, 1.1, 2.2, 1.6])
    since = top[0].date_input("From", None, key="since", bind="query-params", max_value=today)
    until = top[1].date_input("To", None, key="until", bind="query-params", max_value=today)
    signals = top[2].multiselect(
        "Signals",
        [s.key for s in SIGNALS],
        format_func=lambda key: BY_KEY[key].label,
        key="signal",
        bind="query-params",
    )
    text = top[3].text_input("Words in title or summary", key="words", bind="query-params")
    low = st.columns([1.1, 1.1, 2.2, 0.8, 0.8])
    countries = low[0].multiselect(
        "Country of the feed", sorted(feeds["country"].unique()), key="country", bind="query-params"
    )
    languages = low[1].multiselect("Language", sorted(feeds["language"].unique()), key="language", bind="query-params")
    names = dict(zip(feeds["name"], feeds.index, strict=True))
    chosen = low[2].multiselect("Feeds", sorted(names), key="feed", bind="query-params")
    involved = not low[3].toggle(
        "all articles", key="all", bind="query-params", help="Also those that are not about Russia and NATO."
    )
    strongest = low[4].toggle("strongest first", key="strongest", bind="query-params")
    chosen_filter = ArticleFilter(
        since=since,
        until=until or today,
        signals=tuple(signals),
        countries=tuple(countries),
        languages=tuple(languages),
        feed_ids=tuple(int(names[name]) for name in chosen),
        involvement=INVOLVED if involved else (),
        words=text.strip(),
    )
    return chosen_filter, strongest


def card(article: pd.Series[Any]) -> str:
    title, summary = words.highlighted(article["title"], article["summary"], article["evidence"])
    if str(article["url"]).startswith(("http://", "https://")):
        title = f'<a href="{escape(article["url"])}" target="_blank" rel="noopener noreferrer">{title}</a>'
    chips = "".join(chip(key, article["probabilities"]) for key in article["signals"])
    about = [
        f"{article['published_at']:%d %b %Y %H:%M} UTC"
        + (" (first seen)" if article["dated_by"] == "first_seen" else ""),
        escape(", ".join(article["feeds"])),
        escape(article["language"]),
        f"{article['involvement']} ({float(article['p_direct']) + float(article['p_partner']):.0%})",
        f"intensity {float(article['threats']) + float(article['acts']):.1f} of 10",
    ]
    if article["low_confidence"]:
        about.append("language not trained: low confidence")
    if article["read_text"] == ReadText.ARTICLE:
        found = dict.fromkeys(span["text"] for span in article["evidence"])
        about.append(escape("coded by the text of its page: " + ", ".join(f"“{words}”" for words in found)))
    return (
        f'<article class="article {article["involvement"]}"><h3>{title}</h3><p>{summary}</p>'
        f'<p>{chips}</p><p class="about">{" · ".join(about)}</p></article>'
    )


def chip(key: str, probabilities: list[float]) -> str:
    signal = BY_KEY[key]
    p = probabilities[list(BY_KEY).index(key)]
    sign = "▼" if signal.kind is Kind.EASING else "▲"
    label = f"{sign} {escape(signal.label)} {p:.0%}"
    return f'<span class="chip {signal.kind.value}" title="{escape(signal.meaning)}">{label}</span>'


st.title("Articles")
chosen, strongest_first = choose()
total = reading.count_articles(chosen)
if total == 0:
    st.info("No article fits. Widen the dates, or switch “all articles” on.")
    st.stop()
pages = -(-total // PAGE_SIZE)
number = 1
if pages > 1:
    number = st.number_input(f"Page (of {pages:,})", 1, pages, key="page", bind="query-params", width=160)
st.caption(
    f"{total:,} articles. Marked words spoke for a signal; hover to see which. Codings are a model's, not a person's."
)
page = reading.articles(chosen, PAGE_SIZE, (number - 1) * PAGE_SIZE, strongest_first)
st.html(STYLE + "".join(card(row) for _, row in page.iterrows()))
