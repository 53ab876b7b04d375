"""Officers who post one update after the other, and write down what they were told."""

from dataclasses import dataclass, field

from tests.world import Officer


@dataclass
class Journal:
    """What one officer, posting on one operation, was told: the ids, in the order of their 201."""

    officer: Officer
    operation_id: str
    accepted: list[str] = field(default_factory=list)


async def post(journal: Journal, count: int) -> None:
    for _ in range(count):
        body = {"kind": "result", "text": f"number {len(journal.accepted)}", "counts": {"arrests": 1}}
        said = await journal.officer.do(f"/operations/{journal.operation_id}/updates", body)
        journal.accepted.append(said["id"])
