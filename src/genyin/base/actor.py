"""Who acts. Every verb takes one; every list starts from what one may see."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"
    INTEGRATION = "integration"  # an API token of another system: CRM, monitoring, after-sales
    JOB = "job"  # the product itself: the recurrence watch, an import, a schedule


@dataclass(frozen=True, slots=True)
class Delegated:
    """Rights another person has handed to the actor for a time (代理)."""

    user_id: int
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, integration or job, with what it may do and see.

    `roles` are its own; `delegated` are other people's, kept apart so that an event can name both.
    `token` names the API token through which a person's program acts for them; an integration is its token.
    `sees_all` lifts the filter by service and customer (lead, management group, auditor, jobs).
    """

    kind: ActorKind
    name: str
    user_id: int | None = None
    token_id: int | None = None
    token: str = ""
    roles: frozenset[str] = frozenset()
    delegated: tuple[Delegated, ...] = ()
    sees_all: bool = False
    zone: str = "Asia/Shanghai"
    language: str = "zh-hans"

    def stands_for(self, user_id: int | None) -> bool:
        """Whether the actor is that user, or acts for them."""
        return user_id is not None and (user_id == self.user_id or any(d.user_id == user_id for d in self.delegated))


def job(name: str) -> Actor:
    """The product acting by itself; `name` says which part of it."""
    return Actor(kind=ActorKind.JOB, name=name, roles=frozenset({"job"}), sees_all=True)
