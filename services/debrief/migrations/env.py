"""Alembic's environment for debrief."""

from services.debrief.tables import Base
from shared.runtime.migration_env import run

run(Base.metadata)
