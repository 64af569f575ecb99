"""Settings: the environment and ``.env`` become one frozen value, read once and passed on."""

from __future__ import annotations

import os
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tension.errors import SettingsError
from tension.resources import resource

PREFIX = "TENSION_"
USER_AGENT = "tension/0.1 (self-hosted news index; feed reader; +README)"

_FULLTEXT = ("trafilatura", "protego")


class Settings(BaseSettings):
    """All that a user may set, each as ``TENSION_<NAME>`` in the environment or in ``.env``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True)

    home: Path = Field(Path("var"), description="folder of the state: database, locks")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite inside home")
    feeds: Path = Field(Path("feeds.yaml"), description="the list of feeds; made from the shipped one where absent")
    allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="private ranges that may be fetched, comma-separated; none by default"
    )
    host: str = Field("127.0.0.1", description="address the server binds to")
    port: int = Field(8501, ge=0, le=65535, description="port of the dashboard")
    interval_minutes: int = Field(15, ge=1, description="how often a feed is polled that says nothing else")
    user_agent: str = Field(
        USER_AGENT,
        description="how we introduce ourselves; put an address of your own in it, for publishers to write to",
    )
    header_seconds: float = Field(5, gt=0, description="deadline for a feed's headers")
    answer_seconds: float = Field(15, gt=0, description="deadline for a feed's whole answer")
    max_bytes: int = Field(10_000_000, gt=0, description="cap on one decoded answer")
    connections_per_host: int = Field(2, ge=1, description="connections held to one host:port at a time")
    parse_seconds: float = Field(10, gt=0, description="deadline for parsing one answer")
    parse_workers: int = Field(2, ge=1, description="processes that parse")
    day_zone: str = Field(
        "", description="zone that days are counted in, as Europe/Moscow; UTC for a new database, else kept"
    )
    coverage_floor: float = Field(0.5, ge=0, le=1, description="share of the panel below which a day has no value")
    comparison_file: str = Field("", description="another measure to compare with: a CSV or Excel file, or its address")
    fulltext: bool = Field(False, description="whether the pages of involved articles are read, to code their texts")
    fulltext_host_seconds: float = Field(5, ge=0, description="between two pages of a host, where full text is read")
    scheduler: bool = Field(True, description="whether `tension run` polls, or only shows")

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("fulltext")
    @classmethod
    def _installed(cls, value: bool) -> bool:
        if value and not all(map(find_spec, _FULLTEXT)):
            raise ValueError("needs the extra `fulltext`: pip install 'tension[fulltext]'")
        return value

    @field_validator("day_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone; write it as UTC or Europe/Brussels")
        return value

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone to count days in; None to keep that of the database."""
        return ZoneInfo(self.day_zone) if self.day_zone else None

    @property
    def url(self) -> str:
        """The database URL that counts."""
        return self.database_url or f"sqlite:///{(self.home / 'tension.sqlite').absolute()}"


def read_settings() -> Settings:
    """Read the settings from the environment and ``.env``.

    Raises
    ------
    SettingsError
        For an unknown ``TENSION_`` name or a value that cannot be used.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := sorted(k for k in os.environ if k.upper().startswith(PREFIX) and k.upper() not in known):
        raise SettingsError(f"unknown setting {', '.join(unknown)}: known are {', '.join(sorted(known))}")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper().removeprefix(PREFIX) if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg']} (given {first.get('input')!r}); see README, Settings") from error


def ensure_home(settings: Settings) -> None:
    """Make the state folder and, where there is none yet, the list of feeds from the shipped one."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.feeds.exists():
        settings.feeds.parent.mkdir(parents=True, exist_ok=True)
        settings.feeds.write_bytes(resource("feeds.yaml").read_bytes())
