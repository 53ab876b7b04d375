"""Who may do what in the planner, in one table. Which party's thing it is, each aggregate checks itself."""

from shared.actor import Actor
from shared.vocabulary import Role

OFFICERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.INTEGRATOR)

MAY: dict[str, tuple[Role, ...]] = {
    "propose period": (Role.CO_CHAIR,),
    "answer invitation": (Role.COORDINATOR,),
    "publish plan": (Role.CO_CHAIR,),
    "answer plan": (Role.COORDINATOR,),
    "steer period": (Role.CO_CHAIR,),
    "draft operation": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "commit operation": (Role.COORDINATOR,),
    "run operation": (Role.LIAISON_OFFICER, Role.COORDINATOR),
    "post update": OFFICERS,
    "judge update": (Role.COORDINATOR,),
}


def may(actor: Actor, what: str) -> None:
    """Raises Forbidden unless one of the actor's roles may do this."""
    actor.require(*MAY[what])
