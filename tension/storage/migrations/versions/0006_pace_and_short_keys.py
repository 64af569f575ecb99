"""how often a feed's last full answer wants it asked; keys of articles that fit into an index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tension.feeds.articles import shortened

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHARACTERS = 125  # of at most four bytes each: no shorter key is too long


def upgrade() -> None:
    op.add_column("feed", sa.Column("ttl_minutes", sa.Integer(), nullable=True))
    op.add_column("feed", sa.Column("fresh_seconds", sa.Float(), nullable=True))
    _shorten_keys(op.get_bind())


def _shorten_keys(connection: sa.Connection) -> None:
    article = sa.table("article", sa.column("id", sa.BigInteger), sa.column("key", sa.Text))
    long = sa.select(article.c.id, article.c.key).where(sa.func.length(article.c.key) > _CHARACTERS)
    for row in connection.execute(long).all():
        if (key := shortened(row.key)) != row.key:
            connection.execute(sa.update(article).where(article.c.id == row.id).values(key=key))
