"""Articles and stories as HTML: plain elements in the order in which they are read, with what spoke for each signal.

What publishers said stays in their language, and says which that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pandas as pd

from tension import tongue
from tension.dashboard import words
from tension.dashboard.article_style import STYLE
from tension.dashboard.names import language
from tension.records import Involvement, ReadText
from tension.signals.codebook import BY_KEY, Kind
from tension.storage.stories import Story
from tension.tongue import N_, _, n_, number, percent

_LIVE = timedelta(days=2)  # what was found later was loaded
_SHORT, _LONG = 320, 1500  # characters of a summary
_CUT = 200  # a summary of so many, without an end to its sentence, was cut by its feed
_MOMENT = timedelta(minutes=1)  # what is told within it has no course over time
_FEW, _MANY = 3, 100  # marked spans
INVOLVED = {
    Involvement.DIRECT: N_("Russia and NATO"),
    Involvement.PARTNER: N_("Russia and a partner of NATO"),
    Involvement.NONE: N_("not about Russia and NATO"),
}
Kept = tuple[tuple[str, str], ...]  # of the address of the list, for the way back from a story


def article_card(article: pd.Series[Any], kept: Kept = ()) -> str:
    """One article; its title leads to where it was published."""
    about = [host(article["url"]), when(article), ", ".join(article["feeds"]), language(article["language"])]
    said = [escape(part) for part in [*about, *_doubts(article)] if part]
    story = ""
    if (n := article["n_articles"]) > 1:
        told = n_("the story, in {n} article", "the story, in {n} articles", n).format(n=number(n))
        story = f"<span>{_story_link(article['story_id'], escape(told), kept)}</span>"
    return (
        f'<article class="card {article["involvement"]}">{texts(article, article["url"])}'
        f'<p class="about">{chips(article)}{" · ".join(said)}</p>'
        f'<p class="side">{_in_spans(_strength(article))}{story}<span>{escape(_sure(article))}</span></p></article>'
    )


def story_card(story: Story, kept: Kept = ()) -> str:
    """One story; its title, that of the article which leads, opens it."""
    lead = story.articles.iloc[story.lead]
    title, summary = _marked(lead, _SHORT, _FEW)
    site = host(lead["url"])
    read = linked(escape(_("read it at {site}").format(site=site)), lead["url"]) if site else ""
    about = filter(None, [read, spanning(*story.span), escape(_some(tellers(story)))])
    told = f"<strong>{escape(told_by(story))}</strong>{spark(story)}" if story.n_articles > 1 else ""
    involved = _(INVOLVED[Involvement(_involvement(story))])
    return (
        f'<article class="card {_involvement(story)}"><h3{spoken(lead)}>{_story_link(story.id, title, kept)}</h3>'
        f'<p{spoken(lead)}>{summary}</p><p class="about">{chips_of(story)}{" · ".join(about)}</p>'
        f'<p class="side">{told}{_in_spans(_strength(lead))}<span>{escape(involved)}</span></p></article>'
    )


def texts(article: pd.Series[Any], url: str, most: int = _SHORT, marks: int = _FEW) -> str:
    """Title and summary in the article's language, with the evidence marked."""
    title, summary = _marked(article, most, marks)
    return f"<h3{spoken(article)}>{linked(title, url)}</h3><p{spoken(article)}>{summary}</p>"


def _marked(article: pd.Series[Any], most: int, marks: int) -> tuple[str, str]:
    """Title and summary, as long as there is room, with what spoke the loudest marked."""
    loudest = {(one["start"], one["end"]): one for one in sorted(article["evidence"], key=lambda one: one["weight"])}
    return words.highlighted(
        article["title"], shortened(article["summary"], most), list(reversed(loudest.values()))[:marks]
    )


def shortened(text: str, most: int) -> str:
    """A text cut behind a word, if it is longer; with an ellipsis, too, where the feed has cut it."""
    if len(text) > most:
        return text[:most].rsplit(maxsplit=1)[0].rstrip(",;:–—") + "…"
    return f"{text}…" if len(text) > _CUT and text[-1].isalnum() else text


def spoken(article: pd.Series[Any]) -> str:
    """Attributes that say in which language an article's own words are."""
    return f' lang="{escape(article["language"])}" dir="auto"'


def told_by(story: Story) -> str:
    """How many told it."""
    n, articles = len(set(story.articles["publisher"])), story.n_articles
    publishers = n_("{n} publisher", "{n} publishers", n).format(n=number(n))
    told = n_("{n} article", "{n} articles", articles).format(n=number(articles))
    return f"{publishers}, {told}"


def tellers(story: Story) -> list[str]:
    """Names of the feeds that carried it, in the order in which they told it."""
    return list(dict.fromkeys(name for names in story.articles["feeds"] for name in names))


def telling(article: pd.Series[Any], since: datetime) -> str:
    """One article of a story, told so long after the first."""
    later = article["published_at"] - since
    # Says: of an article, how long after the first one of its story; {span} such as "3 hours"
    after = _("{span} later").format(span=tongue.lasting(later)) if later else _("first")
    if timedelta() < later < _MOMENT:
        after = _("within a minute")
    parts = [escape(when(article)), escape(after)]
    delay = article["first_seen_at"] - article["published_at"]
    if timedelta() < delay < _LIVE:
        # Says: how long after its publication this program found an article; {span} such as "3 hours"
        parts.append(escape(_("found here after {span}").format(span=tongue.lasting(delay))))
    told = [host(article["url"]), ", ".join(article["feeds"]), language(article["language"])]
    told += [_sure(article), *_strength(article), *_doubts(article)]
    return (
        f'<li class="telling {article["involvement"]}"><p class="when">{" · ".join(parts)}</p>'
        f"{texts(article, article['url'], _LONG, _MANY)}"
        f"<p>{escape(' · '.join(filter(None, told)))}</p><p>{chips(article)}</p></li>"
    )


def strip(story: Story) -> str:
    """When it was told, as dots on a line; the list says the same in words."""
    first, last = story.span
    span = (last - first).total_seconds()
    if last - first < _MOMENT:
        return ""
    told = zip(story.articles["published_at"], story.articles["involvement"], strict=True)
    dots = (f'<i class="{of}" style="left:{(at - first).total_seconds() / span:.2%}"></i>' for at, of in told)
    ends = f"<span>{tongue.moment(first)}</span><span>{tongue.moment(last)}</span>"
    return f'<div aria-hidden="true"><div class="strip">{"".join(dots)}</div><div class="ends">{ends}</div></div>'


def spark(story: Story) -> str:
    """How its telling spread: the share of its articles that were out, from the first to the last."""
    first, last = story.span
    span, n = (last - first).total_seconds(), len(story.articles)
    if last - first < _MOMENT or n < 3:
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
    return _("{moment} (first seen)").format(moment=moment) if article["dated_by"] == "first_seen" else moment


def spanning(first: datetime, last: datetime) -> str:
    """From when to when."""
    if last - first < _MOMENT:
        return tongue.moment(first)
    if first.date() == last.date():
        return f"{tongue.day(first)} {first:%H:%M}–{last:%H:%M} UTC"
    return f"{tongue.moment(first)} – {tongue.moment(last)}"


def _sure(article: pd.Series[Any]) -> str:
    """Whom the model read it to be about, and how sure it is."""
    kind, p = Involvement(article["involvement"]), float(article["p_direct"]) + float(article["p_partner"])
    return f"{_(INVOLVED[kind])} ({percent(1 - p if kind is Involvement.NONE else p)})"


def _strength(article: pd.Series[Any]) -> list[str]:
    """How strong what it tells is."""
    escalation = number(float(article["threats"]) + float(article["acts"]), 1)
    said = [_("escalation {points}").format(points=escalation)]
    if article["easing"] >= 0.05:
        said.append(_("easing {points}").format(points=number(float(article["easing"]), 1)))
    return said


def _doubts(article: pd.Series[Any]) -> list[str]:
    """What a reader should know of how it was coded."""
    said = [_("language not trained: low confidence")] if article["low_confidence"] else []
    if article["read_text"] == ReadText.ARTICLE:
        found = ", ".join(f"“{text}”" for text in dict.fromkeys(span["text"] for span in article["evidence"]))
        said.append(_("coded by the text of its page: {words}").format(words=found))
    return said


def _in_spans(said: Iterable[str]) -> str:
    return "".join(f"<span>{escape(part)}</span>" for part in said)


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
    return "".join(chip(key, f" {percent(probability)}") for key, probability in found) or _no_signal()


def chips_of(story: Story) -> str:
    """The signals of a story, and how many of its articles tell of each where there are several."""
    told = story.signals.items()
    return "".join(chip(key, f" ×{number(n)}" if story.n_articles > 1 else "") for key, n in told) or _no_signal()


def _no_signal() -> str:
    label = escape(_("no signal"))
    return f'<span class="chip">{label}</span>'


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
    """A page of cards below their heading, which says where in the list it stands, and the key to their colours."""
    where = f" <span>· {escape(position)}</span>" if position else ""
    key = "".join(f'<span class="{kind.value}">{escape(_(label))}</span>' for kind, label in INVOLVED.items())
    return f'{STYLE}<h2 class="found">{escape(heading)}{where}</h2><p class="key">{key}</p>{"".join(cards)}'
