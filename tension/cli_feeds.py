"""``tension feeds …``: the list of feeds from the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from tension.feeds.addresses import same_feed, web_address
from tension.feeds.addresses import without_credentials as shown
from tension.feeds.condition import Condition, State
from tension.records import Feed, FeedKind
from tension.settings import Settings, ensure_home, read_settings

_KIND = click.Choice([kind.value for kind in FeedKind])


def _settings() -> Settings:
    settings = read_settings()
    ensure_home(settings)
    return settings


def _listed(settings: Settings) -> tuple[Feed, ...]:
    from tension.feeds.catalogue import read_catalogue

    return read_catalogue(settings.feeds)


@click.group()
def feeds() -> None:
    """List, check and change the feeds watched."""


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed, a line each.")
def list_feeds(as_json: bool) -> None:
    """List the feeds of feeds.yaml, a line each."""
    for feed in _listed(_settings()):
        if as_json:
            click.echo(json.dumps(asdict(feed), ensure_ascii=False))
            continue
        state = "on " if feed.enabled else "off"
        click.echo(
            f"{state}  {feed.language:<3} {feed.country:<3} {feed.kind.value:<17} {feed.name:<36} {shown(feed.url)}"
        )


@feeds.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed, a line each.")
@click.option("--state", "only", type=click.Choice([state.value for state in State]), help="Only feeds in this state.")
def status(as_json: bool, only: str | None) -> None:
    """How each feed fares: its state, what it carried lately, and what is wrong with it."""
    from tension.conditions import read_conditions
    from tension.pipeline import utc_now
    from tension.storage.store import Store

    settings = _settings()
    listed = _listed(settings)
    now = utc_now().astimezone(settings.zone)
    found = read_conditions(Store.open(settings.url, settings.zone).engine, listed, now)
    for feed in listed:
        condition = found[feed.url]
        if only is None or only in condition.states:
            row = {"url": feed.url, "name": feed.name, **condition.as_json()}
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(feed, condition))


def _line(feed: Feed, condition: Condition) -> str:
    """What is not known is a dash."""
    new, share, delay = condition.last_new_at, condition.relevant_share, condition.median_delay
    parts = [
        f"{','.join(condition.states):<15}",
        f"{new:%Y-%m-%d %H:%M}" if new else f"{'–':<16}",
        f"{'–' if condition.per_day is None else format(condition.per_day, '.1f'):>6} a day",
        f"{'–' if share is None else format(share, '.0%'):>5} relevant",
        f"{'–' if delay is None else format(delay.total_seconds() / 60, '.0f'):>5} min late",
        f"{' '.join(condition.languages) or '–':<6}",
        f"{feed.name}  {shown(feed.url)}",
    ]
    return "  ".join(filter(None, [*parts, condition.last_reason if condition.failures_in_row else ""]))


@feeds.command()
@click.argument("urls", nargs=-1)
def check(urls: tuple[str, ...]) -> None:
    """Ask feeds what they carry, storing nothing: those named, else all of feeds.yaml. Fails if one fails."""
    from tension.feeds.ask import look

    settings = _settings()
    asked_for = list(urls) or [feed.url for feed in _listed(settings)]
    for url, asked in zip(asked_for, answers := look(asked_for, settings), strict=True):
        n = f"{len(asked.parsed.items)} items" if asked.parsed else ""
        click.echo(f"{asked.status.value:<13}{asked.seconds:6.1f} s  {shown(url)}  {asked.reason or n}")
    failed = sum(asked.status == "failed" for asked in answers)
    click.echo(f"{len(answers) - failed} of {len(answers)} answer", err=True)
    sys.exit(1 if failed else 0)


@feeds.command()
@click.argument("url")
@click.option("--name", help="How it is shown; its own title by default.")
@click.option("--publisher", help="The family that owns it; that of a listed feed of its domain, else its domain.")
@click.option("--language", help="ISO 639-1; what its items are in by default.")
@click.option("--country", help="ISO 3166-1 alpha-2; that of its family or of its domain by default.")
@click.option("--kind", type=_KIND, help="That of its family by default, else press.")
@click.option("--interval-minutes", type=int)
@click.option("--weight", type=float)
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
def add(url: str, unchecked: bool, **given: Any) -> None:
    """Add a feed to feeds.yaml, by its own address or that of its site.

    The address is asked first. A page is searched for the feeds that it names; where there are several, they are
    listed, and nothing is added.
    """
    from tension.feeds.catalogue import add_feed
    from tension.feeds.suggest import suggest_feed

    settings = _settings()
    given["kind"] = FeedKind(given["kind"]) if given["kind"] else None
    listed, url = _listed(settings), web_address(url)
    feed = suggest_feed(url, None, listed, **given) if unchecked else _asked(url, settings, listed, given)
    if not feed.country:
        raise click.ClickException(f"{shown(url)}: nothing tells its country; name it with --country")
    add_feed(settings.feeds, feed)
    click.echo(f"added {feed.name} ({shown(feed.url)})")


def _asked(url: str, settings: Settings, listed: tuple[Feed, ...], given: dict[str, Any]) -> Feed:
    """The entry for the one feed at an address."""
    from tension.feeds.discover import discover
    from tension.feeds.suggest import suggest_feed
    from tension.preview import spoken_language
    from tension.signals.classifier import load_model

    found = discover(url, settings)
    if not found.feeds:
        raise click.ClickException(
            f"{shown(found.url)}: {found.reason}; nothing was added (--unchecked adds it anyway)"
        )
    if len(found.feeds) > 1:
        lines = "\n".join(f"  {shown(feed.url)}  {feed.title}" for feed in found.feeds)
        raise click.ClickException(f"{shown(found.url)} has {len(found.feeds)} feeds; add one by its address:\n{lines}")
    (feed,) = found.feeds
    language = given.pop("language") or spoken_language(feed.parsed, load_model())
    return suggest_feed(feed.url, feed.parsed, listed, language=language, **given)


@feeds.command()
@click.argument("url")
@click.option("--url", "new_url", help="Its new address.")
@click.option("--name")
@click.option("--publisher")
@click.option("--language")
@click.option("--country")
@click.option("--kind", type=_KIND)
@click.option("--interval-minutes", type=int, help="0 for the default.")
@click.option("--weight", type=float)
def edit(url: str, new_url: str | None, **given: Any) -> None:
    """Change fields of a feed; what is not named stays."""
    from tension.feeds.catalogue import replace_feed

    settings = _settings()
    before = _find(_listed(settings), url)
    changes = {name: value for name, value in {**given, "url": new_url}.items() if value is not None}
    if not changes:
        raise click.UsageError("name at least one field to change, such as --weight 0.5")
    if "kind" in changes:
        changes["kind"] = FeedKind(changes["kind"])
    if "interval_minutes" in changes:
        changes["interval_minutes"] = changes["interval_minutes"] or None
    after = replace_feed(settings.feeds, before.url, replace(before, **changes), before)
    click.echo(f"changed {after.name} ({shown(after.url)}): {', '.join(sorted(changes))}")


def _find(listed: tuple[Feed, ...], url: str) -> Feed:
    for feed in listed:
        if same_feed(feed.url) == same_feed(url):
            return feed
    raise click.ClickException(f"{shown(url)} is not in the list; `tension feeds list` shows what is")


@feeds.command("on")
@click.argument("urls", nargs=-1, required=True)
def switch_on(urls: tuple[str, ...]) -> None:
    """Switch feeds on: they are polled again."""
    _switch(urls, True)


@feeds.command("off")
@click.argument("urls", nargs=-1, required=True)
def switch_off(urls: tuple[str, ...]) -> None:
    """Switch feeds off: their entries stay, and so do their articles and their history."""
    _switch(urls, False)


def _switch(urls: tuple[str, ...], enabled: bool) -> None:
    from tension.feeds.catalogue import switch_feeds

    switch_feeds(_settings().feeds, urls, enabled)
    click.echo(f"{len(urls)} switched {'on' if enabled else 'off'}")


@feeds.command()
@click.argument("url")
def remove(url: str) -> None:
    """Take a feed out of feeds.yaml. Its articles and its history stay."""
    from tension.feeds.catalogue import remove_feed

    remove_feed(_settings().feeds, url)
    click.echo(f"removed {shown(url)}; its articles and its history stay")


@feeds.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what each outline comes to.")
@click.option("--unchecked", is_flag=True, help="Do not ask the feeds first.")
def import_feeds(file: Path, dry_run: bool, unchecked: bool) -> None:
    """Add the feeds of an OPML file that are not in feeds.yaml yet.

    Each is asked first; those that fail are added too, switched off.
    """
    from tension.feeds.catalogue import add_feeds
    from tension.feeds.importing import check, plan
    from tension.preview import spoken_language
    from tension.signals.classifier import load_model

    settings = _settings()
    outlines = plan(file.read_bytes(), _listed(settings))
    if not unchecked and any(outline.to_add for outline in outlines):
        model = load_model()
        outlines = check(outlines, settings, lambda parsed: spoken_language(parsed, model))
    for outline in outlines:
        feed = f"{outline.feed.name}  {shown(outline.feed.url)}" if outline.feed else ""
        click.echo(f"{outline.verdict.value:<9} {'  '.join(filter(None, [feed, outline.reason]))}")
    new = [outline.feed for outline in outlines if outline.feed and outline.to_add]
    n_off = sum(not feed.enabled for feed in new)
    if new and not dry_run:
        add_feeds(settings.feeds, new)
    click.echo(f"{len(new)} {'would be' if dry_run else 'were'} added, {n_off} of them switched off", err=True)


@feeds.command("export")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The OPML file.")
def export_feeds(output: Path) -> None:
    """Write the feeds as OPML."""
    from tension.feeds.opml import write_opml

    listed = _listed(_settings())
    try:
        output.write_bytes(write_opml(listed))
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
    click.echo(f"{len(listed)} feeds written to {output}")
