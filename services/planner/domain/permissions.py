"""Who may do what in the planner, in one table. Which party's thing it is, each aggregate checks itself."""

from shared.actor import Actor
from shared.vocabulary import Role

OFFICERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.INTEGRATOR)
# the support office has no coordinator: its officers give its word
COMMITTING = (Role.COORDINATOR, Role.RSO_OFFICER)

MAY: dict[str, tuple[Role, ...]] = {
    "propose period": (Role.CO_CHAIR,),
    "answer invitation": (Role.COORDINATOR,),
    "publish plan": (Role.CO_CHAIR,),
    "answer plan": (Role.COORDINATOR,),
    "steer period": (Role.CO_CHAIR,),
    "draft operation": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "commit operation": (Role.COORDINATOR,),
    "disclose detail": (Role.COORDINATOR,),
    "answer joint operation": (Role.COORDINATOR,),
    "answer investigation plan": (Role.COORDINATOR,),
    "reach milestone": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "run operation": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "pledge resource": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "confirm resource": (Role.COORDINATOR,),
    "post update": OFFICERS,
    "judge update": (Role.COORDINATOR,),
    "name targets": OFFICERS,
    "answer conflict": (Role.COORDINATOR,),
    "give contact": (Role.COORDINATOR,),
    "refer victim": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "release origin": (Role.RIGHTS_OFFICER,),
    "report distress": (*OFFICERS, Role.CO_CHAIR, Role.RSO_OFFICER),
    "call consultation": (Role.CO_CHAIR,),
    "steer consultation": (Role.CO_CHAIR,),
    "answer consultation": COMMITTING,
    "propose activity": (Role.CO_CHAIR,),
    "answer activity": COMMITTING,
    "run activity": (Role.LIAISON_OFFICER, *COMMITTING),
    "cancel activity": (Role.CO_CHAIR, *COMMITTING),
}


def may(actor: Actor, what: str) -> None:
    """Raises Forbidden unless one of the actor's roles may do this."""
    actor.require(*MAY[what])
