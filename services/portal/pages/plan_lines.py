"""What the plan page is made of: a version with what became of it, each state's word on it, and the form of the next."""

from collections.abc import Mapping, Sequence

from services.portal.differences import difference
from services.portal.pages.desk import Desk
from services.portal.pages.render import party_name
from services.portal.pages.views import Form, PlanObjective, PlanVersion
from services.portal.pages.views import PlanAnswer as AnswerLine
from services.portal.selects import Row
from shared.vocabulary import PlanAnswer

USUAL = ("Aim and scope", "Operations", "Information exchange", "Protection and rights", "Results and debrief")
SPARE = 2
_FIELDS = ("id", "title", "indicator", "baseline", "target", "measured_by")


def version(row: Row, before: Row | None, had: Sequence[Row] = (), has: Sequence[Row] = ()) -> PlanVersion:
    """The version, compared with another one, or with itself where there is none."""
    return PlanVersion(
        number=row["number"],
        published_at=row["at"],
        objectives=tuple(
            PlanObjective(**{name: one.get(name, "") for name in _FIELDS if name != "id"}) for one in row["objectives"]
        ),
        rights_officers=tuple(row["rights_officers"]),
        amends=row["amends"] or 0,
        affected=tuple(row["affected"]),
        difference=difference(before, row, had, has) if before else difference(row, row, has, has),
    )


def words_on(row: Row, joined: Sequence[str], said: Mapping[str, Row], waits: bool) -> tuple[AnswerLine, ...]:
    """What each state says to a version. While an amendment `waits`, those who are asked again are to reconfirm."""
    return tuple(_word(row, party, said.get(party), waits) for party in joined)


def _word(row: Row, party: str, said: Row | None, waits: bool) -> AnswerLine:
    if said:
        return AnswerLine(party=party, answer=said["answer"], at=said["at"], reason=said["note"])
    if row["amends"] is None:
        return AnswerLine(party=party)
    return AnswerLine(party=party, answer="carried" if party in row["carried"] else "reconfirm" if waits else "")


def blocks(at: Desk, words: Sequence[AnswerLine]) -> tuple[str, ...]:
    """Whose endorsement is still missing."""
    found = [] if len(words) > 1 else [at.say("A joint period has at least two participating states.")]
    for word in words:
        name = party_name(word.party)
        if not word.answer:
            found.append(at.say("%(party)s has not answered.") % {"party": name})
        elif word.answer not in {PlanAnswer.ENDORSED, "carried"}:
            found.append(f"{name}: {at.words(word.answer)}.")
    return tuple(found)


def titles(at: Desk, versions: Sequence[Row]) -> tuple[str, ...]:
    written = [one["title"] for one in versions[-1]["sections"]] if versions else [at.say(title) for title in USUAL]
    return (*written, *[""] * SPARE)


def begun(form: Form, last: Row | None, period: Row) -> Form:
    """A new version begins with what the last one says."""
    if form.values:
        return form
    values = {f"sections.{n}.text": one["text"] for n, one in enumerate(last["sections"])} if last else {}
    for n, one in enumerate(last["objectives"] if last else period["objectives"]):
        values |= {f"objectives.{n}.{name}": str(one.get(name, "")) for name in _FIELDS}
    chosen = {"rights_officers": frozenset(last["rights_officers"])} if last else {}
    return Form(**{**vars(form), "values": values, "chosen": chosen})


def objective_rows(form: Form) -> int:
    """As many as are filled in, and some to spare."""
    filled = [int(name.split(".")[1]) for name in form.values if name.startswith("objectives.")]
    return max(filled, default=-1) + 1 + SPARE


def bare_key(form: Form) -> Form:
    """The page puts each form's own ending behind the key; one that comes back loses it again."""
    key = form.idempotency_key
    for ending in ("-answer", "-write", "-adopt"):
        key = key.removesuffix(ending)
    return Form(**{**vars(form), "idempotency_key": key})
