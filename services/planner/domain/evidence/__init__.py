"""What the ledger proves: read from its lines alone, that nothing ran and nothing was shown without what it needed."""

from services.planner.domain.evidence.books import Books
from services.planner.domain.evidence.chain import Gap, Links, Sealed, breaks
from services.planner.domain.evidence.reading import RULES, gaps, take
from services.planner.domain.evidence.showing import DISCLOSURES

__all__ = ["DISCLOSURES", "RULES", "Books", "Gap", "Links", "Sealed", "breaks", "gaps", "take"]
