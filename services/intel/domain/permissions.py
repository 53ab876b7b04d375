"""Who may do what in intel, in one table. Which party's thing it is, each aggregate checks itself."""

from shared.actor import Actor
from shared.vocabulary import Role

OFFICERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.RSO_OFFICER)

MAY: dict[str, tuple[Role, ...]] = {
    "publish alert": OFFICERS,
    "acknowledge alert": OFFICERS,
    "recall alert": OFFICERS,
}


def may(actor: Actor, what: str) -> None:
    """Raises Forbidden unless one of the actor's roles may do this."""
    actor.require(*MAY[what])
