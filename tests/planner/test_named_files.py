"""A command names a file by the portal's seal for its own party, and by nothing else."""

from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet, OKPKey
from pydantic_core import to_json

from services.planner.domain.update import Update
from services.planner.files import named
from shared.errors import Invalid, Unauthenticated
from shared.events.planner import FileRef, Section
from shared.runtime.identity import Signer, Verifier
from tests.builders import a_chair, a_coordinator, a_frame, a_period, an_officer, an_operation, an_update

CLAIMS = {"party": "NZ", "sha256": "a" * 64, "name": "boat.jpg", "media_type": "image/jpeg", "size": 9}
FILE = FileRef(sha256="a" * 64, name="boat.jpg", media_type="image/jpeg", size=9)


def keys(folder: Path) -> tuple[Signer, Verifier]:
    key = OKPKey.generate_key("Ed25519", {"kid": folder.name})
    (folder / "private").write_bytes(to_json(key.as_dict(private=True)))
    (folder / "public").write_bytes(to_json(KeySet([key]).as_dict(private=False)))
    return Signer(folder / "private"), Verifier(folder / "public", "planner")


@pytest.fixture
def portal(tmp_path: Path) -> tuple[Signer, Verifier]:
    return keys(tmp_path)


def test_what_the_own_party_uploaded_is_named_by_its_seal_once(portal: tuple[Signer, Verifier]):
    signer, verifier = portal
    seal = signer.seal(CLAIMS)
    assert named([seal, seal], an_officer("NZ"), verifier) == (FILE,)
    assert signer.seal(CLAIMS) == seal, "the same command stays the same command"


def test_no_other_word_names_a_file(portal: tuple[Signer, Verifier], tmp_path: Path):
    signer, verifier = portal
    (tmp_path / "other").mkdir()
    forged = keys(tmp_path / "other")[0].seal(CLAIMS)
    lacking: dict[str, Any] = {"party": "NZ", "sha256": "a" * 64}
    wrong = ["a" * 64, "", forged, signer.token(an_officer("NZ"), "planner"), signer.seal(lacking)]
    for seal in (*wrong, signer.seal(CLAIMS | {"party": "LK"})):
        with pytest.raises(Invalid) as refused:
            named([signer.seal(CLAIMS), seal], an_officer("NZ"), verifier)
        assert [(one.field, "Upload" in one.reason) for one in refused.value.errors] == [("files.1", True)]


def test_a_seal_never_passes_for_a_token_and_a_token_for_a_seal(portal: tuple[Signer, Verifier]):
    signer, verifier = portal
    with pytest.raises(Unauthenticated):
        verifier.unseal(signer.token(an_officer("NZ"), "planner"))
    with pytest.raises(Unauthenticated):
        verifier.actor(signer.seal(CLAIMS | {"sub": "1", "name": "x", "roles": [], "exp": 2**40}))


def test_files_go_with_the_detail_of_an_update_and_never_with_its_headline():
    operation = an_operation()
    asked = an_update(operation, text="", counts={}, files=(FILE,))
    update, headline, detail = Update.post(asked, operation, a_frame(), an_officer("NZ"))
    assert (detail.files, detail.audience) == ((FILE,), ("NZ",))
    assert "files" not in headline.model_dump()
    assert update.release(operation, a_frame())[1].files == (FILE,)
    assert update.validate_counts(operation, a_frame(), a_coordinator("NZ"))


def test_annexes_go_with_the_version_of_the_plan_that_named_them():
    period = a_period()
    changed, said = period.publish_plan((Section(title="Aim", text="x"),), (), a_chair(), annexes=(FILE,))
    assert (said.annexes, changed.plans[-1].annexes) == ((FILE,), (FILE,))
    again, later = changed.publish_plan(changed.plans[-1].sections, (), a_chair())
    assert later.annexes == ()
    assert again.plans[0].annexes == (FILE,)

