"""What the ledger proves: read from its lines alone, that nothing ran and nothing was shown without what it needed."""

from services.planner.domain.evidence.chain import Gap, Sealed
from services.planner.domain.evidence.reading import RULES, Walk
from services.planner.domain.evidence.showing import DISCLOSURES

__all__ = ["DISCLOSURES", "RULES", "Gap", "Sealed", "Walk"]
