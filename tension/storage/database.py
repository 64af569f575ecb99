"""Opening the database: SQLite by default, PostgreSQL by URL, always migrated to the newest schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from tension.errors import StorageError
from tension.storage.locks import ProcessLock, waiting_for

_BUSY_SECONDS = 30
_MIGRATION_SECONDS = 300


def open_database(url: str) -> Engine:
    """Open and migrate a database.

    Parameters
    ----------
    url
        A SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``.

    Raises
    ------
    StorageError
        When it cannot be opened or migrated.
    """
    engine = _engine(url)
    try:
        with waiting_for(ProcessLock(engine, "migration"), _MIGRATION_SECONDS), engine.connect() as connection:
            _migrate(connection)
    except SQLAlchemyError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise StorageError(
            f"the database {shown} cannot be opened: {_reason(error)}; check TENSION_DATABASE_URL"
        ) from error
    return engine


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        if parsed.get_backend_name() != "sqlite":
            raise StorageError(f"TENSION_DATABASE_URL: {parsed.drivername} is not supported: use sqlite or postgresql")
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS})
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StorageError(f"TENSION_DATABASE_URL cannot be used: {error}") from error
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def _reason(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
