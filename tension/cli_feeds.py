"""``tension feeds …``: the list of feeds from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tension.records import Feed, FeedKind
from tension.settings import Settings, ensure_home, read_settings


def _settings() -> Settings:
    settings = read_settings()
    ensure_home(settings)
    return settings


@click.group()
def feeds() -> None:
    """List, check and change the feeds watched."""


@feeds.command("list")
def list_feeds() -> None:
    """List the feeds of feeds.yaml, a line each."""
    from tension.feeds.catalogue import read_catalogue

    for feed in read_catalogue(_settings().feeds):
        state = "on " if feed.enabled else "off"
        click.echo(f"{state}  {feed.language:<3} {feed.country:<3} {feed.kind.value:<17} {feed.name:<36} {feed.url}")


@feeds.command()
@click.argument("urls", nargs=-1)
def check(urls: tuple[str, ...]) -> None:
    """Ask feeds what they carry, storing nothing: those named, else all of feeds.yaml. Fails if one fails."""
    from tension.feeds.ask import look
    from tension.feeds.catalogue import read_catalogue

    settings = _settings()
    asked_for = list(urls) or [feed.url for feed in read_catalogue(settings.feeds)]
    answers = look(asked_for, settings)
    for url, asked in zip(asked_for, answers, strict=True):
        n = f"{len(asked.parsed.items)} items" if asked.parsed else ""
        click.echo(f"{asked.status.value:<13}{asked.seconds:6.1f} s  {url}  {asked.reason or n}")
    failed = sum(asked.status == "failed" for asked in answers)
    click.echo(f"{len(answers) - failed} of {len(answers)} answer", err=True)
    sys.exit(1 if failed else 0)


@feeds.command()
@click.argument("url")
@click.option("--name", help="How it is shown; its own title by default.")
@click.option("--publisher", help="The family that owns it; its host by default.")
@click.option("--language", help="ISO 639-1; what the feed says by default.")
@click.option("--country", required=True, help="ISO 3166-1 alpha-2.")
@click.option("--kind", type=click.Choice([kind.value for kind in FeedKind]), default="press", show_default=True)
@click.option("--interval-minutes", type=int)
@click.option("--weight", type=float, default=1.0, show_default=True)
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
def add(url: str, kind: str, unchecked: bool, **given: object) -> None:
    """Ask a feed, and add it to feeds.yaml if it answers."""
    from tension.feeds.ask import look
    from tension.feeds.catalogue import add_feed
    from tension.feeds.suggest import suggest_feed

    settings = _settings()
    asked = None if unchecked else look([url], settings)[0]
    if asked and asked.status == "failed":
        raise click.ClickException(f"{url}: {asked.reason}; nothing was added (--unchecked adds it all the same)")
    feed = suggest_feed(url, asked.parsed if asked else None, kind=FeedKind(kind), **given)
    add_feed(settings.feeds, feed)
    click.echo(f"added {feed.name} ({feed.url})")


@feeds.command()
@click.argument("url")
def remove(url: str) -> None:
    """Take a feed out of feeds.yaml. Its articles and its history stay."""
    from tension.feeds.catalogue import remove_feed

    remove_feed(_settings().feeds, url)
    click.echo(f"removed {url}")


@feeds.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what is new.")
def import_feeds(file: Path, dry_run: bool) -> None:
    """Add the feeds of an OPML file that are not in feeds.yaml yet."""
    from tension.feeds.catalogue import add_feed, read_catalogue
    from tension.feeds.opml import read_opml

    settings = _settings()
    known = {feed.url for feed in read_catalogue(settings.feeds)}
    for feed in read_opml(file.read_bytes()):
        if feed.url not in known and not dry_run:
            add_feed(settings.feeds, feed)
        click.echo(f"{'known' if feed.url in known else 'new':<6} {feed.name}  {feed.url}")
        known.add(feed.url)


@feeds.command("export")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The OPML file.")
def export_feeds(output: Path) -> None:
    """Write the feeds as OPML."""
    from tension.feeds.catalogue import read_catalogue
    from tension.feeds.opml import write_opml

    listed: tuple[Feed, ...] = read_catalogue(_settings().feeds)
    output.write_bytes(write_opml(listed))
    click.echo(f"{len(listed)} feeds written to {output}")
