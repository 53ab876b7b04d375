"""What the pages say of conflicts and targets, and to whom; and that what is typed as a target goes on as a token only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.portal.gateway import Reply
from services.portal.pages.conflicts import conflict_line, conflict_words
from services.portal.pages.forms import Posted
from services.portal.pages.targets import _step, deconfliction
from shared.errors import Invalid
from shared.identifiers import Identifier
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, desk

OPERATION = UUID(int=3)


def a_conflict(status: str = "open", **more: Any) -> dict[str, Any]:
    return {
        "id": 1, "operation_id": OPERATION, "other_party": "TH", "contact": "", "overlaps": ["target"], "status": status,
        "found_at": NOW - timedelta(days=2), "own_answer": None, "operation_title": None, "operation_kind": "visa_checks",
        **more,
    }  # fmt: skip


def an_operation(status: str, owner: str = "LK") -> dict[str, Any]:
    return {"id": OPERATION, "owner": owner, "status": status}


async def test_home_tells_officers_of_open_conflicts_and_nobody_else():
    for role, told in ((Role.LIAISON_OFFICER, 1), (Role.COORDINATOR, 1), (Role.OBSERVER, 0), (Role.CO_CHAIR, 0)):
        at = desk("LK", role, conflicts_open=[a_conflict()])
        found = await conflict_words(at, at.fake)  # type: ignore[arg-type]
        assert [(one.who, one.href, one.days) for one in found] == [("Thailand", "/conflicts/1", 2)] * told


def test_a_conflict_is_named_by_one_s_own_operation():
    assert conflict_line(desk("LK"), a_conflict()).operation == "Visa checks"
    assert conflict_line(desk("LK"), a_conflict(operation_title="At the port")).operation == "At the port"


@pytest.mark.parametrize(
    ("status", "role", "live", "names"),
    [
        ("drafted", Role.LIAISON_OFFICER, False, True),
        ("scheduled", Role.COORDINATOR, True, True),
        ("under_way", Role.OBSERVER, True, False),
        ("completed", Role.COORDINATOR, False, False),
        ("cancelled", Role.LIAISON_OFFICER, False, False),
    ],
)
async def test_targets_are_named_while_the_operation_goes_on(status: str, role: Role, live: bool, names: bool):
    at = desk("LK", role, targets={"counts": {"passport": 2}}, conflicts_of=[a_conflict()])
    found = await deconfliction(at, at.fake, an_operation(status))  # type: ignore[arg-type]
    assert found is not None
    assert (found.is_live, found.may_name, found.targets) == (live, names, (("passport", 2),))


async def test_who_does_not_own_the_operation_is_told_nothing_of_it():
    at = desk("LK", Role.COORDINATOR, targets={"counts": {"passport": 2}}, conflicts_of=[a_conflict()])
    assert await deconfliction(at, at.fake, an_operation("scheduled", "TH")) is None  # type: ignore[arg-type]


async def test_what_is_typed_goes_on_as_a_token_and_stands_in_no_address():
    at = desk("LK", Role.LIAISON_OFFICER)
    sent: list[tuple[str, bytes]] = []

    class Deciding:
        async def command(self, _actor: Any, path: str, body: bytes, _headers: Any) -> Reply:
            sent.append((path, body))
            return Reply(201, {}, b"{}")

    class Making:
        def body(self, identifiers: list[Identifier]) -> bytes:
            return b"tokens of " + identifiers[0].kind.encode()

    class Arrived:
        async def reached(self, *_: Any) -> bool:
            return True

    at.portal.gateway, at.portal.tokens, at.portal.progress = Deciding(), Making(), Arrived()  # type: ignore[assignment, misc]
    at.portal.settings.page_wait_seconds = 1
    typed = Posted((("kind", "passport"), ("value", "N1234567"), ("born", ""), ("idempotency_key", "k")))
    answer = await _step(at, typed, OPERATION, "targets")
    assert sent == [(f"operations/{OPERATION}/targets", b"tokens of passport")]
    assert answer.headers["location"] == f"/operations/{OPERATION}/targets?said=named"
    for kind in ("", "shoe_size"):
        with pytest.raises(Invalid):
            await _step(at, Posted((("kind", kind), ("value", "42"))), OPERATION, "targets")
    assert len(sent) == 1
