"""Who acts, as the rules see it: an account's id, party and roles."""

from dataclasses import dataclass

from shared.errors import Forbidden
from shared.vocabulary import Role

CONTENT_ROLES = frozenset(Role) - {Role.PARTY_ADMIN, Role.OPERATOR, Role.PROTECTION_SERVICE}
"""Roles that read what is shared with their whole party. The others see only what is addressed to the role itself."""


@dataclass(frozen=True)
class Actor:
    """An account as it acts now: the credential's identity, never a field's."""

    id: str
    name: str
    party: str
    roles: frozenset[Role]

    def require(self, *roles: Role) -> None:
        """Raises Forbidden unless the actor has one of the roles."""
        if not self.roles & set(roles):
            wanted = " or ".join(role.value.replace("_", " ") for role in roles)
            raise Forbidden(f"This needs the role {wanted}.")

    @property
    def entries(self) -> tuple[str, ...]:
        """The audience entries that this actor reads: its party if a role of it reads content, and its roles in it."""
        roles = tuple(f"{self.party}#{role.value}" for role in sorted(self.roles) if role is not Role.OPERATOR)
        return (self.party, *roles) if self.roles & CONTENT_ROLES else roles

    def reads(self, audience: tuple[str, ...]) -> bool:
        return not set(self.entries).isdisjoint(audience)
