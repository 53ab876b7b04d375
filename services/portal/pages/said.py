"""Sentences that say on top of a page what was just done. The address names one; it cannot bring words of its own."""

from services.portal.pages.words import N_

SENTENCES = {
    "acknowledged": N_("Acknowledged. The originator sees it now."),
    "activated": N_("The period has started."),
    "adopted": N_("The plan is adopted."),
    "again": N_("You are signed in again. Nothing was done meanwhile: please press it once more."),
    "answered": N_("Your answer is recorded."),
    "cancelled": N_("Cancelled."),
    "closed": N_("The period is closed. Its debrief opens itself."),
    "completed": N_("Completed."),
    "drafted": N_("Kept as a draft. Only your party sees it."),
    "later": N_("Accepted and kept. It appears here within moments."),
    "proposed": N_("Proposed. Those invited hear of it now."),
    "published": N_("Published."),
    "recalled": N_("Recalled. The ledger below shows who has removed it."),
    "released": N_("The headline is released."),
    "returned": N_("Returned. Its counts stand in no figure for now."),
    "scheduled": N_("Scheduled. Your consent is recorded."),
    "started": N_("Started."),
    "validated": N_("Validated."),
}


def sentence(code: str) -> str:
    return SENTENCES.get(code, "")
