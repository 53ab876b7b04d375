"""Intel, put together."""

from services.intel.api import router
from services.intel.consumers import listener
from services.intel.settings import Settings
from shared.runtime.service import service

app = service("intel", Settings(), listener, router)
