"""What a party that is out of a period is shown no more of others' operations: all that it read only by taking part."""

from datetime import datetime

from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from shared.events.planner import DetailReaderLeft, ReaderLeft


def taken_from(
    party: str, operation: Operation, was: Frame, at: datetime
) -> tuple[ReaderLeft | DetailReaderLeft, ...]:
    """For the operation as it was, and the period as it was, when the party still read of it.

    What it did itself, alone or jointly, stays with it. For services: nobody else is told who read what.
    """
    if party in (operation.owner, *operation.partners):
        return ()
    about = {
        "operation_id": operation.id, "period_id": operation.period_id, "reader": party, "at": at, "party": operation.owner,
        "audience": (),
    }  # fmt: skip
    said: list[ReaderLeft | DetailReaderLeft] = []
    if party in _parties(operation.headline_readers(was)):
        said.append(ReaderLeft(**about))
    if party in _parties(operation.detail_readers(was)):
        said.append(DetailReaderLeft(**about))
    return tuple(said)


def _parties(readers: tuple[str, ...]) -> set[str]:
    """Whose they are: of a party that presides without taking part its co-chairs alone read."""
    return {reader.partition("#")[0] for reader in readers}
