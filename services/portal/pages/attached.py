"""Files that come with a form: kept at once, so that a form that comes back with an error has them still."""

from dataclasses import replace

from services.portal.api_files import keep
from services.portal.pages.desk import Desk
from services.portal.pages.forms import Posted
from services.portal.pages.views import Form
from shared.errors import Invalid, Refusal, Unauthenticated

SEALS = "seals"


async def attach(at: Desk, posted: Posted, field: str = "files") -> tuple[Posted, list[str]]:
    """The form with what it attached before and now, and the seals to name those files by."""
    most = at.portal.settings.files_per_request
    if len(posted.uploads) > most:
        raise Invalid.field(field, f"At most {most} files at a time.")
    for upload in posted.uploads:
        try:
            stored = await keep(at.portal, at.actor, upload)
        except Refusal as refusal:
            raise Invalid.field(field, f"{upload.filename}: {refusal.detail}") from None
        posted = replace(posted, fields=(*posted.fields, (SEALS, stored.seal)), uploads=())
        at.request.state.posted = posted
    return posted, list(dict.fromkeys(posted.every(SEALS)))


def attached(at: Desk, form: Form) -> tuple[tuple[str, str], ...]:
    """What a form that comes back has attached already: seal and name of each."""
    found = []
    for seal in sorted(form.chosen.get(SEALS, ())):
        try:
            found.append((seal, str(at.portal.service.verifier.unseal(seal)["name"])))
        except (Unauthenticated, KeyError):
            continue
    return tuple(found)
