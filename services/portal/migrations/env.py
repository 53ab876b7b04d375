"""Alembic's environment for portal."""

from services.portal.tables import Base
from shared.runtime.migration_env import run

run(Base.metadata)
