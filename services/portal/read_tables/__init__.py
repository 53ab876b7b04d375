"""The tables of the read model: importing this declares all of them."""

from services.portal.read_tables import alerts, conflicts, debriefs, group, operations, periods
from services.portal.read_tables.base import APART, MODEL, SCHEMA, Base

__all__ = ["APART", "MODEL", "SCHEMA", "Base", "alerts", "conflicts", "debriefs", "group", "operations", "periods"]
from services.portal.read_tables import joint

__all__ = ["APART", "MODEL", "SCHEMA", "Base", "alerts", "debriefs", "group", "joint", "operations", "periods"]
from services.portal.read_tables import protection

__all__ = ["APART", "MODEL", "SCHEMA", "Base", "alerts", "debriefs", "group", "operations", "periods", "protection"]
from services.portal.read_tables import investigations

__all__ = [
    "APART", "MODEL", "SCHEMA", "Base", "alerts", "debriefs", "group", "investigations", "joint", "operations", "periods",
]  # fmt: skip
from services.portal.read_tables import files

__all__ = ["APART", "MODEL", "SCHEMA", "Base", "alerts", "debriefs", "files", "group", "operations", "periods", "protection"]
