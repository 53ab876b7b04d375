"""The store of files on its real database: one copy of a content, kept for what names it, purged when nothing does."""

import io
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.disclosing import Choice, recall, said_again
from services.planner.domain.update import Update
from services.portal.file_store import PART, FileStore
from shared.errors import NotFound, TooLarge
from shared.events.base import Event, internal_bytes
from shared.events.planner import FileRef
from shared.vocabulary import DetailAudience
from tests.builders import NOON, a_coordinator, a_frame, an_officer, an_operation, an_update
from tests.intel.hearing import Record
from tests.portal.conftest import Shown

pytestmark = pytest.mark.system

NZ, OTHER, LK = an_officer("NZ"), an_officer("NZ", "colleague"), an_officer("LK")


@pytest.fixture
async def store(shown: Shown) -> FileStore:
    await shown.renew()
    async with shown.own.begin() as tx:
        await tx.sql("DELETE FROM file")
        await tx.sql("DELETE FROM file_named")
    return FileStore(shown.own, shown.settings.model_copy(update={"file_max_bytes": 3 * PART}))


def a_pdf(size: int = 100, mark: bytes = b"x") -> io.BytesIO:
    return io.BytesIO((b"%PDF-1.7\n" + mark * size)[:size])


async def content_of(store: FileStore, sha256: str) -> bytes:
    return b"".join([part async for part in store.parts(sha256, await store.size(sha256))])


async def named_by(shown: Shown, file: FileRef, audience: DetailAudience = DetailAudience.PARTICIPANTS) -> UUID:
    """An update of NZ's that names it, as the portal hears of it."""
    operation = an_operation(detail_audience=audience)
    operation = operation.model_copy(update={"id": uuid7()})
    update, *said = Update.post(an_update(operation, id=uuid7(), files=(file,)), operation, a_frame(), NZ)
    await hear(shown, said, Counter())
    return update.id


async def hear(shown: Shown, said: Iterable[Event], numbers: Counter[str]) -> None:
    """Twice, as it may happen; `numbers`: how many of each topic there were before."""
    records: list[Any] = []
    for offset, event in enumerate(said):
        numbers[event.topic] += 1
        body = internal_bytes(event.public_bytes(NOON), numbers[event.topic], " ".join(event.audience), "")
        records.append(Record(event.topic, offset, event.key.encode(), body))
    await shown.consumer().batch(records)
    await shown.consumer().batch(records)


def ref(stored: Any) -> FileRef:
    return FileRef(sha256=stored.sha256, name=stored.name, media_type=stored.media_type, size=stored.size)


@pytest.mark.parametrize("size", [20, PART, PART + 1, 3 * PART])
async def test_what_comes_back_is_what_was_taken_in(store: FileStore, size: int):
    stored = await store.take(NZ, a_pdf(size), "x.pdf")
    assert await content_of(store, stored.sha256) == a_pdf(size).read()
    assert (stored.size, stored.media_type) == (size, "application/pdf")


async def test_one_content_is_kept_once_and_each_account_has_its_own_name_for_it(store: FileStore, shown: Shown):
    first = await store.take(NZ, a_pdf(), "mine.pdf")
    second = await store.take(LK, a_pdf(), "theirs.pdf")
    assert first.sha256 == second.sha256
    assert first.seal != second.seal, "each for its own party"
    async with shown.own.begin() as tx:
        assert (await tx.sql("SELECT count(*)::int AS n FROM file_part"))[0]["n"] == 1
    assert [await store.own(by, first.sha256) for by in (NZ, LK)] == ["mine.pdf", "theirs.pdf"]
    with pytest.raises(NotFound):
        await store.own(OTHER, first.sha256)


async def test_a_file_has_a_limit(store: FileStore):
    with pytest.raises(TooLarge):
        await store.take(NZ, a_pdf(3 * PART + 1), "x.pdf")


async def test_who_may_read_what_names_it_may_read_it_and_a_hash_alone_opens_nothing(store: FileStore, shown: Shown):
    shared = ref(await store.take(NZ, a_pdf(mark=b"s"), "shared.pdf"))
    at_home = ref(await store.take(NZ, a_pdf(mark=b"h"), "home.pdf"))
    update = await named_by(shown, shared)
    await named_by(shown, at_home, DetailAudience.OWN)
    au = an_officer("AU")
    for by, file, seen in ((LK, shared, True), (LK, at_home, False), (OTHER, at_home, True), (au, shared, False)):
        async with shown.read_model.reader(by) as reads:
            assert (await reads.named_file(file.sha256) is not None) is seen
            assert len(await reads.files_of(update)) == (by.party != "AU")


async def test_what_something_names_is_kept_and_what_nothing_ever_named_goes_after_its_time(store: FileStore, shown: Shown):
    stored = await store.take(NZ, a_pdf(), "x.pdf")
    never = await store.take(NZ, a_pdf(mark=b"n"), "never.pdf")
    await named_by(shown, ref(stored))
    assert await store.purge() == [], "what was uploaded just now gets time to be named"
    soon = FileStore(shown.own, shown.settings.model_copy(update={"file_unnamed_hours": 0.0}))
    assert await soon.purge() == [never.sha256]
    with pytest.raises(NotFound):
        await store.size(never.sha256)
    assert await content_of(store, stored.sha256) == a_pdf().read()


async def test_a_file_goes_from_whom_its_detail_is_taken_back_and_stays_with_its_owner(store: FileStore, shown: Shown):
    stored = await store.take(NZ, a_pdf(), "x.pdf")
    operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS).model_copy(update={"id": uuid7()})
    update, *said = Update.post(an_update(operation, id=uuid7(), files=(ref(stored),)), operation, a_frame(), NZ)
    numbers: Counter[str] = Counter()
    await hear(shown, said, numbers)
    changed, *taken = recall(operation, Choice(DetailAudience.OWN), a_frame(), a_coordinator("NZ"), NOON)
    for step, events in enumerate((taken, said_again(changed, [update], a_frame(), NZ))):
        await hear(shown, events, numbers)
        for by, seen in ((LK, False), (OTHER, step == 1)):
            async with shown.read_model.reader(by) as reads:
                assert (await reads.named_file(stored.sha256) is not None) is seen
                assert len(await reads.files_of(update.id)) == seen
        assert await store.purge() == [], "its owner has it still"


async def test_a_rebuild_makes_no_file_look_unnamed(store: FileStore, shown: Shown):
    stored = await store.take(NZ, a_pdf(), "x.pdf")
    await named_by(shown, ref(stored))
    await shown.renew()
    soon = FileStore(shown.own, shown.settings.model_copy(update={"file_unnamed_hours": 0.0}))
    assert await soon.purge() == []
