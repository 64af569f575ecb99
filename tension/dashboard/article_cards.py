"""Articles and stories as HTML: plain elements in the order in which they are read, with what spoke for each signal.

What publishers said stays in their language, and says which that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pandas as pd
from babel import Locale

from tension import tongue
from tension.dashboard import words
from tension.dashboard.article_style import STYLE
from tension.records import Involvement, ReadText
from tension.signals.codebook import BY_KEY, Kind
from tension.storage.stories import Story
from tension.tongue import N_, _, n_, number, percent

_LIVE = timedelta(days=2)  # what was found later was loaded
INVOLVED = {
    Involvement.DIRECT: N_("Russia and NATO"),
    Involvement.PARTNER: N_("Russia and a partner of NATO"),
    Involvement.NONE: N_("not about Russia and NATO"),
}
Kept = tuple[tuple[str, str], ...]  # of the address of the list, for the way back from a story


def article_card(article: pd.Series[Any], kept: Kept = ()) -> str:
    """One article; its title leads to where it was published."""
    about = [when(article), escape(", ".join(article["feeds"])), escape(language(article["language"]))]
    if (n := article["n_articles"]) > 1:
        said = n_("the story, in {n} article", "the story, in {n} articles", n).format(n=number(n))
        about.insert(0, _story_link(article["story_id"], f"<strong>{escape(said)}</strong>", kept))
    return (
        f'<article class="card {article["involvement"]}">{texts(article, article["url"])}'
        f'{paragraph(chips(article))}<p class="about">{" · ".join([*about, *judged(article)])}</p></article>'
    )


def story_card(story: Story, kept: Kept = ()) -> str:
    """One story; its title, that of the article which leads, opens it."""
    lead = story.articles.iloc[story.lead]
    title, summary = words.highlighted(lead["title"], lead["summary"], lead["evidence"])
    site = host(lead["url"])
    read = linked(escape(_("read it at {site}").format(site=site)), lead["url"]) if site else ""
    told = f"<strong>{escape(told_by(story))}</strong> {spark(story)}" if story.n_articles > 1 else ""
    about = [escape(_some(tellers(story))), _(INVOLVED[Involvement(_involvement(story))]), read]
    return (
        f'<article class="card {_involvement(story)}"><h3{spoken(lead)}>{_story_link(story.id, title, kept)}</h3>'
        f'<p{spoken(lead)}>{summary}</p>{paragraph(chips_of(story))}'
        f'<p class="told">{told}<span>{spanning(*story.span)}</span></p>'
        f'<p class="about">{" · ".join(filter(None, about))}</p></article>'
    )


def texts(article: pd.Series[Any], url: str) -> str:
    """Title and summary in the article's language, with the evidence marked."""
    title, summary = words.highlighted(article["title"], article["summary"], article["evidence"])
    return f"<h3{spoken(article)}>{linked(title, url)}</h3><p{spoken(article)}>{summary}</p>"


def spoken(article: pd.Series[Any]) -> str:
    """Attributes that say in which language an article's own words are."""
    return f' lang="{escape(article["language"])}" dir="auto"'


def told_by(story: Story) -> str:
    """How many told it."""
    n, articles = len(set(story.articles["publisher"])), story.n_articles
    publishers = n_("{n} publisher", "{n} publishers", n).format(n=number(n))
    return f"{publishers}, {n_('{n} article', '{n} articles', articles).format(n=number(articles))}"


def tellers(story: Story) -> list[str]:
    """Names of the feeds that carried it, in the order in which they told it."""
    return list(dict.fromkeys(name for names in story.articles["feeds"] for name in names))


def telling(article: pd.Series[Any], since: datetime) -> str:
    """One article of a story, told so long after the first."""
    later = article["published_at"] - since
    # Says: of an article, how long after the first one of its story; {span} such as "3 hours"
    after = _("{span} later").format(span=tongue.lasting(later)) if later else _("first")
    parts = [when(article), escape(after)]
    delay = article["first_seen_at"] - article["published_at"]
    if timedelta() < delay < _LIVE:
        # Says: how long after its publication this program found an article; {span} such as "3 hours"
        parts.append(escape(_("found here after {span}").format(span=tongue.lasting(delay))))
    told = [escape(", ".join(article["feeds"])), escape(language(article["language"])), *judged(article)]
    return (
        f'<li class="telling {article["involvement"]}"><p class="when">{" · ".join(parts)}</p>'
        f"{texts(article, article['url'])}<p>{' · '.join(told)}</p>{paragraph(chips(article))}</li>"
    )


def strip(story: Story) -> str:
    """When it was told, as dots on a line; the list says the same in words."""
    first, last = story.span
    span = (last - first).total_seconds()
    if not span:
        return ""
    told = zip(story.articles["published_at"], story.articles["involvement"], strict=True)
    dots = (f'<i class="{of}" style="left:{(at - first).total_seconds() / span:.2%}"></i>' for at, of in told)
    ends = f"<span>{tongue.moment(first)}</span><span>{tongue.moment(last)}</span>"
    return f'<div aria-hidden="true"><div class="strip">{"".join(dots)}</div><div class="ends">{ends}</div></div>'


def spark(story: Story) -> str:
    """How its telling spread: the share of its articles that were out, from the first to the last."""
    first, last = story.span
    span, n = (last - first).total_seconds(), len(story.articles)
    if not span or n < 3:
        return ""
    corners, height = ["0 100%"], 100
    for i, at in enumerate(story.articles["published_at"], start=1):
        x, low = round(100 * (at - first).total_seconds() / span), round(100 - 100 * i / n)
        corners += [f"{x}% {height}%", f"{x}% {low}%"]
        height = low
    shape = f'<span style="clip-path:polygon({",".join([*dict.fromkeys(corners), "100% 100%"])})"></span>'
    said = _("How its articles added up, from the first to the last")
    return f'<span class="spark" title="{escape(said)}" aria-hidden="true">{shape}</span>'


def when(article: pd.Series[Any]) -> str:
    """When it was published, or else found."""
    moment = tongue.moment(article["published_at"])
    return escape(_("{moment} (first seen)").format(moment=moment) if article["dated_by"] == "first_seen" else moment)


def spanning(first: datetime, last: datetime) -> str:
    """From when to when."""
    if first == last:
        return tongue.moment(first)
    if first.date() == last.date():
        return f"{tongue.day(first)} {first:%H:%M}–{last:%H:%M} UTC"
    return f"{tongue.moment(first)} – {tongue.moment(last)}"


def judged(article: pd.Series[Any]) -> list[str]:
    """What the model read, how strong and how sure."""
    p = float(article["p_direct"]) + float(article["p_partner"])
    said = [f"{_(INVOLVED[Involvement(article['involvement'])])} ({percent(p)})"]
    escalation = number(float(article["threats"]) + float(article["acts"]), 1)
    said.append(_("escalation {points}").format(points=escalation))
    if article["easing"] >= 0.05:
        said.append(_("easing {points}").format(points=number(float(article["easing"]), 1)))
    if article["low_confidence"]:
        said.append(_("language not trained: low confidence"))
    if article["read_text"] == ReadText.ARTICLE:
        found = ", ".join(f"“{text}”" for text in dict.fromkeys(span["text"] for span in article["evidence"]))
        said.append(_("coded by the text of its page: {words}").format(words=found))
    return [escape(part) for part in said]


def language(code: str) -> str:
    """A language's name in the reader's."""
    return language_in(tongue.language(), code)


@cache
def language_in(of: str, code: str) -> str:
    """The name of a language in another one; its code where it has none."""
    return str(Locale(of).languages.get(code.replace("-", "_"), code))


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
    found = ((key, float(article["probabilities"][order.index(key)])) for key in article["signals"])
    return "".join(chip(key, f" {percent(probability)}") for key, probability in found)


def chips_of(story: Story) -> str:
    """The signals of a story, and how many of its articles tell of each where there are several."""
    return "".join(chip(key, f" ×{number(n)}" if story.n_articles > 1 else "") for key, n in story.signals.items())


def paragraph(markup: str) -> str:
    return f"<p>{markup}</p>" if markup else ""


def chip(key: str, more: str = "") -> str:
    """A signal: which way it moves the tension, its name, and its meaning for who asks."""
    signal = BY_KEY[key]
    sign = "▼" if signal.kind is Kind.EASING else "▲"
    label = f"{sign} {escape(_(signal.label))}{more}"
    return f'<span class="chip {signal.kind.value}" title="{escape(_(signal.meaning))}">{label}</span>'


def _involvement(story: Story) -> str:
    kinds = set(story.articles["involvement"])
    return next(kind.value for kind in INVOLVED if kind.value in kinds)


def _story_link(story_id: int, markup: str, kept: Kept) -> str:
    address = urlencode([("story", story_id), *kept])
    return f'<a href="articles?{escape(address)}" target="_self">{markup}</a>'


def _some(names: Sequence[str], most: int = 6) -> str:
    shown, more = ", ".join(names[:most]), len(names) - most
    if more <= 0:
        return shown
    return n_("{names} and {n} more", "{names} and {n} more", more).format(names=shown, n=number(more))


def page(heading: str, position: str, cards: Iterable[str]) -> str:
    """A page of cards below their heading, which says where in the list it stands."""
    where = f" <span>· {escape(position)}</span>" if position else ""
    return f'{STYLE}<h2 class="found">{escape(heading)}{where}</h2>{"".join(cards)}'
