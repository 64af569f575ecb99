"""Articles and stories as HTML: plain elements in the order in which they are read, with what spoke for each signal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from tension.dashboard import words
from tension.records import Involvement, ReadText
from tension.signals.codebook import BY_KEY, Kind
from tension.storage.stories import Story

STYLE = """<style>
.found{font-size:1rem!important;font-weight:600;margin:0 0 .8rem!important;padding:0!important}
.card{border-left:4px solid #8a8f98;padding:.1rem 0 .1rem .9rem;margin:0 0 1.25rem;max-width:54rem}
.card.direct{border-color:#D55E00}.card.partner{border-color:#E69F00}
.card h3{font-size:1.08rem;margin:0 0 .15rem;padding:0;font-weight:600;line-height:1.35;overflow-wrap:anywhere}
.card p{margin:.2rem 0;overflow-wrap:anywhere}.card .about{font-size:.86rem;opacity:.85}
.card mark,.telling mark{background:#ffe08a;color:#1b1b1b;border-radius:2px;padding:0 .1em}
.card a,.telling a{color:inherit}.card h3 a,.telling h3 a{text-decoration:none}
.card h3 a:hover,.telling h3 a:hover,.card h3 a:focus-visible{text-decoration:underline}
.chip{display:inline-block;font-size:.8rem;border:1px solid;border-radius:1rem;padding:0 .6rem;
margin:.1rem .3rem .1rem 0}
.chip.threat{color:light-dark(#8a5700,#f0b44a)}.chip.act{color:light-dark(#b34700,#ff9d5c)}
.chip.easing{color:light-dark(#00714f,#3ecf9f)}
.tellings{list-style:none;margin:0!important;padding:0!important;max-width:54rem}
.named{font-size:1.9rem!important;font-weight:700;line-height:1.2;margin:.4rem 0 .2rem!important;padding:0!important;
max-width:54rem;overflow-wrap:anywhere}
.telling{border-left:2px solid #8a8f98;padding:0 0 1.1rem 1.2rem;margin:0 0 0 .4rem;position:relative}
.telling::before{content:"";position:absolute;left:-.43rem;top:.35rem;width:.75rem;height:.75rem;border-radius:50%;
background:#8a8f98}.telling.direct::before{background:#D55E00}.telling.partner::before{background:#E69F00}
.telling:last-child{border-color:transparent}
.telling h3{font-size:1rem;margin:.1rem 0;padding:0;font-weight:600;line-height:1.35;overflow-wrap:anywhere}
.telling p{margin:.1rem 0;font-size:.9rem;overflow-wrap:anywhere}.telling .when{font-size:.86rem;opacity:.85}
.strip{position:relative;height:1.5rem;margin:.2rem .6rem 1.1rem;max-width:53rem;border-bottom:2px solid #8a8f98}
.strip i{position:absolute;bottom:-.45rem;width:.8rem;height:.8rem;margin-left:-.4rem;border-radius:50%;opacity:.75;
background:#8a8f98}.strip i.direct{background:#D55E00}.strip i.partner{background:#E69F00}
</style>"""
_LIVE = timedelta(days=2)  # what was found later was loaded
_INVOLVED = {
    Involvement.DIRECT: "Russia and NATO",
    Involvement.PARTNER: "Russia and a partner of NATO",
    Involvement.NONE: "not about Russia and NATO",
}


def article_card(article: pd.Series[Any]) -> str:
    """One article; its title leads to where it was published."""
    title, summary = words.highlighted(article["title"], article["summary"], article["evidence"])
    about = [when(article), escape(", ".join(article["feeds"])), escape(article["language"]), *judged(article)]
    if article["n_articles"] > 1:
        about.append(_story_link(article["story_id"], f"the story, in {article['n_articles']} articles"))
    return (
        f'<article class="card {article["involvement"]}"><h3>{linked(title, article["url"])}</h3><p>{summary}</p>'
        f'{paragraph(chips(article))}<p class="about">{" · ".join(about)}</p></article>'
    )


def story_card(story: Story) -> str:
    """One story; its title, that of the article which leads, opens it."""
    lead = story.articles.iloc[story.lead]
    title, summary = words.highlighted(lead["title"], lead["summary"], lead["evidence"])
    first, last = story.span
    span = f"{first:%d %b %Y %H:%M} UTC" + (f" to {last:%d %b %H:%M}" if story.n_articles > 1 else "")
    read = linked(f"read it at {escape(host(lead['url']))}", lead["url"]) if host(lead["url"]) else ""
    told = f"<strong>{escape(told_by(story))}</strong>" if story.n_articles > 1 else ""
    about = [told, span, escape(_some(tellers(story))), _INVOLVED[Involvement(_involvement(story))], read]
    return (
        f'<article class="card {_involvement(story)}"><h3>{_story_link(story.id, title)}</h3><p>{summary}</p>'
        f'{paragraph(chips_of(story))}<p class="about">{" · ".join(filter(None, about))}</p></article>'
    )


def told_by(story: Story) -> str:
    """How many told it, in words."""
    n = len(set(story.articles["publisher"]))
    by = "1 publisher" if n == 1 else f"{n} publishers"
    return f"Told by {by} in {'1 article' if story.n_articles == 1 else f'{story.n_articles} articles'}"


def tellers(story: Story) -> list[str]:
    """Names of the feeds that carried it, in the order in which they told it."""
    return list(dict.fromkeys(name for names in story.articles["feeds"] for name in names))


def telling(article: pd.Series[Any], since: datetime) -> str:
    """One article of a story, told so long after the first."""
    title, summary = words.highlighted(article["title"], article["summary"], article["evidence"])
    later = article["published_at"] - since
    when_told = when(article) + (f" · {lasted(later)} later" if later else " · first")
    delay = article["first_seen_at"] - article["published_at"]
    found = f" · found here after {lasted(delay)}" if timedelta() < delay < _LIVE else ""
    told = escape(", ".join(article["feeds"]))
    return (
        f'<li class="telling {article["involvement"]}"><p class="when">{when_told}{found}</p>'
        f"<h3>{linked(title, article['url'])}</h3><p>{summary}</p>"
        f"<p>{told} · {escape(article['language'])} · {' · '.join(judged(article))}</p>{paragraph(chips(article))}</li>"
    )


def strip(story: Story) -> str:
    """When it was told, as dots on a line; the list says the same in words."""
    first, last = story.span
    span = (last - first).total_seconds()
    if not span:
        return ""
    told = zip(story.articles["published_at"], story.articles["involvement"], strict=True)
    dots = (f'<i class="{of}" style="left:{(at - first).total_seconds() / span:.2%}"></i>' for at, of in told)
    return f'<div class="strip" aria-hidden="true">{"".join(dots)}</div>'


def when(article: pd.Series[Any]) -> str:
    seen = " (first seen)" if article["dated_by"] == "first_seen" else ""
    return f"{article['published_at']:%d %b %Y %H:%M} UTC{seen}"


def lasted(span: timedelta) -> str:
    """A span in the largest units that fit."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes / 1440:.0f} days"


def judged(article: pd.Series[Any]) -> list[str]:
    """What the model read, how strong and how sure."""
    p = float(article["p_direct"]) + float(article["p_partner"])
    said = [f"{_INVOLVED[Involvement(article['involvement'])]} ({p:.0%})"]
    said.append(f"escalation {float(article['threats']) + float(article['acts']):.1f}")
    if article["easing"] >= 0.05:
        said.append(f"easing {float(article['easing']):.1f}")
    if article["low_confidence"]:
        said.append("language not trained: low confidence")
    if article["read_text"] == ReadText.ARTICLE:
        found = dict.fromkeys(span["text"] for span in article["evidence"])
        said.append(escape("coded by the text of its page: " + ", ".join(f"“{words}”" for words in found)))
    return said


def linked(markup: str, url: str) -> str:
    """A link that opens apart; plain where there is no address of the web."""
    if not url.startswith(("http://", "https://")):
        return markup
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{markup}</a>'


def host(url: str) -> str:
    """The site of an address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def chips(article: pd.Series[Any]) -> str:
    """The signals of an article with their probabilities."""
    order = list(BY_KEY)
    return "".join(chip(key, f" {article['probabilities'][order.index(key)]:.0%}") for key in article["signals"])


def chips_of(story: Story) -> str:
    """The signals of a story, and in how many of its articles where there are several."""
    return "".join(chip(key, f" in {n}" if story.n_articles > 1 else "") for key, n in story.signals.items())


def paragraph(markup: str) -> str:
    return f"<p>{markup}</p>" if markup else ""


def chip(key: str, more: str = "") -> str:
    signal = BY_KEY[key]
    sign = "▼" if signal.kind is Kind.EASING else "▲"
    label = f"{sign} {escape(signal.label)}{more}"
    return f'<span class="chip {signal.kind.value}" title="{escape(signal.meaning)}">{label}</span>'


def _involvement(story: Story) -> str:
    kinds = set(story.articles["involvement"])
    return next(kind.value for kind in _INVOLVED if kind.value in kinds)


def _story_link(story_id: int, markup: str) -> str:
    return f'<a href="articles?story={story_id}" target="_self">{markup}</a>'


def _some(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def page(heading: str, cards: Iterable[str]) -> str:
    """A page of cards below their heading."""
    return f'{STYLE}<h2 class="found">{escape(heading)}</h2>{"".join(cards)}'
