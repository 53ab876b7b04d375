"""What the public API answers on what became of a plan from one version to another."""

from services.portal.schemas import Said


class PieceOut(Said):
    change: str
    text: str


class SectionChangeOut(Said):
    change: str
    title: str
    former_title: str
    pieces: list[PieceOut]


class FieldChangeOut(Said):
    name: str
    before: str
    after: str


class ObjectiveChangeOut(Said):
    change: str
    title: str
    fields: list[FieldChangeOut]


class AnnexChangeOut(Said):
    change: str
    name: str
    sha256: str
    former_name: str
    former_sha256: str


class DifferenceOut(Said):
    """What became of the plan from version `before` (0: nothing) to version `after`. `change` is one of: same, added,
    removed, changed, moved."""

    before: int
    after: int
    same: bool
    sections: list[SectionChangeOut]
    objectives: list[ObjectiveChangeOut]
    annexes: list[AnnexChangeOut]
    rights_added: list[str]
    rights_removed: list[str]
