"""Alembic's environment for intel."""

from services.intel.tables import Base
from shared.runtime.migration_env import run

run(Base.metadata)
