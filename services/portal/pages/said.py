"""Sentences that say on top of a page what was just done. The address names one; it cannot bring words of its own."""

from services.portal.pages.words import N_

SENTENCES = {
    "acknowledged": N_("Acknowledged. The originator sees it now."),
    "activated": N_("The period has started."),
    "activity_proposed": N_("Proposed. The Working Group reads it; its owner says whether it takes it on."),
    "adopted": N_("The plan is adopted."),
    "agreed": N_("Agreed. It is your party's to do from now on."),
    "amended": N_("Amended. Its readers see how it stands now."),
    "again": N_("You are signed in again. Nothing was done meanwhile: please press it once more."),
    "answered": N_("Your answer is recorded."),
    "archived": N_("The period is archived."),
    "called": N_("Called. Those invited hear of it now; their answers appear below."),
    "cancelled": N_("Cancelled."),
    "contact_given": N_("Kept. Whoever has a conflict with your party reads it now."),
    "closed": N_("The period is closed. Its debrief opens itself."),
    "completed": N_("Completed."),
    "consultation_closed": N_("Closed. Nothing of it changes any more."),
    "detail_recalled": N_("Taken back. Below stands who has removed it."),
    "detail_released": N_("The detail is released."),
    "distress_closed": N_("Closed. It no longer stands on top of every page."),
    "distress_reported": N_("Reported. Everybody of the period sees it now, on top of every page."),
    "distress_revised": N_("Everybody sees what is known now."),
    "drafted": N_("Kept as a draft. Only your party sees it."),
    "extended": N_("Those invited have more time to answer, and hear of it now."),
    "later": N_("Accepted and kept. It appears here within moments."),
    "invited": N_("Invited. They hear of it now, with all that those asked before know."),
    "left": N_("Your party has left the period."),
    "named": N_("Named. It is compared from now on while the operation is scheduled or under way."),
    "origins_released": N_("Released. They read it from now on, as others in their place do."),
    "proposed": N_("Proposed. Those invited hear of it now."),
    "published": N_("Published."),
    "put_to_states": N_("Proposed. The states that you named see it now; each of them, and your own, answers it."),
    "recalled": N_("Recalled. The ledger below shows who has removed it."),
    "recorded": N_("Recorded. Those that attended read it now."),
    "released": N_("The headline is released."),
    "returned": N_("Returned. Its counts stand in no figure for now."),
    "revised": N_("Revised. The Working Group reads how it stands now."),
    "scheduled": N_("Scheduled. Your consent is recorded."),
    "started": N_("Started."),
    "taken_back": N_("Your state's word is taken back."),
    "took_place": N_("It took place. Now write its record: those that attended will read it."),
    "unnamed": N_("Taken out."),
    "validated": N_("Validated."),
    "withdrawn": N_("Withdrawn. Those invited see why."),
}


def sentence(code: str) -> str:
    return SENTENCES.get(code, "")
