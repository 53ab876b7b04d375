"""Alembic's environment for planner."""

from services.planner.tables import Base
from shared.runtime.migration_env import run

run(Base.metadata)
