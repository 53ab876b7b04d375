"""What every service's Alembic environment does: run on the connection that it is given."""

from alembic import context
from sqlalchemy import MetaData

from shared.runtime import failpoints
from shared.runtime.failpoints import Point


def run(metadata: MetaData) -> None:
    """Run the migrations of the environment that calls this; `metadata` is what they should amount to."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        on_version_apply=lambda **_: failpoints.reach(Point.MIGRATION),  # done, and not committed yet
    )
    with context.begin_transaction():
        context.run_migrations()
