"""`jpa ledger verify FILE`: an export is judged from its lines alone, on whatever machine."""

import json
from pathlib import Path

import pytest

from client.ledger import verdict_on
from services.planner.domain.ledger import shown
from shared.vocabulary import LedgerKind
from tests.client.test_cli import jpa, sentence
from tests.planner.ledger_story import the_whole_story


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A ledger as `export` writes it."""
    file = tmp_path / "ledger.jsonl"
    rows = the_whole_story().ledger.sealed()
    told = [{**shown(row.line), "seal": row.seal, "hash": (row.hash or b"").hex()} for row in rows]
    file.write_text("".join(f"{json.dumps(one)}\n" for one in told))
    return file


def test_a_ledger_that_holds_says_how_long_it_is_and_where_its_chain_ends(export: Path, tmp_path: Path):
    done = jpa(tmp_path / "home", "ledger", "verify", str(export))
    count = len(export.read_text().splitlines())
    end = json.loads(export.read_text().splitlines()[-1])["hash"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The consent ledger holds: {count} lines, {count} of them sealed, the last as {end}.\n"


def test_with_a_consent_taken_out_it_fails_and_names_the_place(export: Path, tmp_path: Path):
    lines = export.read_text().splitlines()
    place = next(n for n, text in enumerate(lines) if json.loads(text)["kind"] == LedgerKind.SCHEDULED)
    taken, following = json.loads(lines.pop(place)), json.loads(lines[place])
    export.write_text("\n".join(lines))
    done = jpa(tmp_path / "home", "ledger", "verify", str(export))
    assert done.returncode == 1
    assert f"on operation {taken['subject']}" in done.stdout
    assert "without NZ's consent: nothing tells that it was scheduled" in done.stdout
    assert f"Line {following['number']}," in done.stdout
    said = json.loads(jpa(tmp_path / "home", "ledger", "verify", str(export), "--json").stdout)
    assert said["holds"] is False
    assert {"number", "at", "kind", "party", "aggregate", "subject", "why"} == said["gaps"][0].keys()


def test_a_line_that_was_changed_breaks_the_chain_also_where_nothing_rests_on_it(export: Path):
    lines = [json.loads(text) for text in export.read_text().splitlines()]
    lines[-1]["officer"] = "someone.else"
    export.write_text("\n".join(json.dumps(one) for one in lines))
    assert [gap.why for gap in verdict_on(export).walk.gaps] == ["It is not as it was when it was sealed."]


def test_what_was_not_sealed_yet_is_read_with_the_rest(export: Path):
    lines = [json.loads(text) for text in export.read_text().splitlines()]
    lines[-1] |= {"seal": None, "hash": None}
    export.write_text("\n".join(json.dumps(one) for one in lines))
    verdict = verdict_on(export)
    assert (verdict.holds, verdict.walk.lines - verdict.walk.links.place) == (True, 1)


@pytest.mark.parametrize("content", ["{}", "no JSON", '{"hash": null, "seal": 1}'])
def test_what_is_no_ledger_is_refused_in_a_sentence(tmp_path: Path, content: str):
    file = tmp_path / "other.jsonl"
    file.write_text(content)
    assert "is no consent ledger" in sentence(jpa(tmp_path / "home", "ledger", "verify", str(file)))
    assert "cannot be read" in sentence(jpa(tmp_path / "home", "ledger", "verify", str(tmp_path / "none.jsonl")))
