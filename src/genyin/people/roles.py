"""Roles and what they may do: pure data. Tests derive the permission matrix from these tables.

A right is either held by role (LEAD, FIRST_LINE, ...) or by one's part in a problem (OWNER, TEAM, SUBMITTER,
INVITED). A role says which parts its holder may take, so that an auditor who once owned a problem writes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from genyin.base.actor import Actor, Delegated
from genyin.base.errors import NotAllowed, gettext_noop


class Right(StrEnum):
    SUPPORT = "support"  # a part in support: may register, link and comment
    FIRST_LINE = "first_line"
    LEAD = "lead"
    SECOND = "second"  # may confirm as the second person: waivers, reviews of the lead's own problems
    ADMIN = "admin"
    READ_LOG = "read_log"
    JOB = "job"
    INTEGRATION = "integration"
    # by one's part in a problem
    OWNER = "owner"
    TEAM = "team"
    SUBMITTER = "submitter"
    INVITED = "invited"


PARTS = frozenset({Right.OWNER, Right.TEAM, Right.SUBMITTER, Right.INVITED})


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the procedure: the rights it always holds, and the parts it may take in a problem.

    `outside`: belongs to the customer's side and reads customer-visible text only.
    """

    code: str
    name: str
    rights: frozenset[Right]
    parts: frozenset[Right] = frozenset()
    sees_all: bool = False
    outside: bool = False


def _role(
    code: str, name: str, rights: str = "", parts: str = "", *, sees_all: bool = False, outside: bool = False
) -> Role:
    return Role(
        code, name, frozenset(map(Right, rights.split())), frozenset(map(Right, parts.split())), sees_all, outside
    )


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("first_line", gettext_noop("First-line support"), "support first_line", "team submitter"),
        _role(
            "lead",
            gettext_noop("Service-management lead (problem manager)"),
            "support lead second read_log",
            "owner team submitter",
            sees_all=True,
        ),
        _role("owner", gettext_noop("Problem owner"), "support", "owner team submitter"),
        _role("analyst", gettext_noop("Analysis team member"), "support", "team submitter"),
        _role("representative", gettext_noop("User representative"), "", "invited", outside=True),
        _role("management", gettext_noop("IT service management group"), "second read_log", "", sees_all=True),
        _role("administrator", gettext_noop("Administrator"), "admin"),
        _role("auditor", gettext_noop("Auditor"), "read_log", sees_all=True),
        _role("integration", gettext_noop("Integration"), "integration", "submitter"),
        _role("job", gettext_noop("Genyin itself"), "job", sees_all=True),
    )
}

#: The roles a person can be given.
PERSONAL = ("first_line", "lead", "owner", "analyst", "representative", "management", "administrator", "auditor")

#: Verbs outside a problem's lifecycle, and who may do them. The lifecycle has its own table.
DUTIES: dict[str, frozenset[Right]] = {
    "incident.receive": frozenset({Right.FIRST_LINE, Right.LEAD, Right.INTEGRATION, Right.JOB}),
    "import.run": frozenset({Right.LEAD, Right.ADMIN}),
    "service.edit": frozenset({Right.LEAD, Right.ADMIN}),
    "trend.run": frozenset({Right.LEAD, Right.JOB}),
    "candidate.accept": frozenset({Right.LEAD}),
    "candidate.dismiss": frozenset({Right.LEAD}),
    "novelty.waive": frozenset({Right.FIRST_LINE, Right.LEAD}),
    "family.edit": frozenset({Right.LEAD, Right.SUPPORT}),
    "report.issue": frozenset({Right.LEAD}),
    "register.export": frozenset({Right.SUPPORT, Right.READ_LOG}),
    "procedure.publish": frozenset({Right.LEAD}),
    "site.edit": frozenset({Right.ADMIN, Right.JOB}),
    "user.edit": frozenset({Right.ADMIN}),
    "token.edit": frozenset({Right.ADMIN}),
    "delegation.edit": frozenset({Right.ADMIN, Right.LEAD}),
    "log.read": frozenset({Right.READ_LOG}),
}


def rights_of(roles: frozenset[str]) -> frozenset[Right]:
    """All rights that these roles hold whatever the object."""
    return frozenset().union(*(ROLES[code].rights for code in roles)) if roles else frozenset()


def parts_of(roles: frozenset[str]) -> frozenset[Right]:
    """The parts in a problem that holders of these roles may take."""
    return frozenset().union(*(ROLES[code].parts for code in roles)) if roles else frozenset()


def held(actor: Actor) -> frozenset[Right]:
    """Rights the actor holds by role, its own and delegated ones together."""
    return rights_of(actor.roles).union(*(rights_of(d.roles) for d in actor.delegated))


def is_outside(actor: Actor) -> bool:
    """Whether the actor stands on the customer's side: every role it holds does.

    Somebody whose last role was taken away does too: losing a role must not open anything.
    """
    held_roles = actor.roles or frozenset[str]().union(*(d.roles for d in actor.delegated))
    return all(ROLES[code].outside for code in held_roles)


def may(actor: Actor, duty: str) -> bool:
    """Whether the actor may do a duty of the table above."""
    return bool(held(actor) & DUTIES[duty])


def require(actor: Actor, duty: str) -> Delegated | None:
    """Refuse an actor without the right; answer the delegation that gave it, None when it is the actor's own.

    Raises NotAllowed.
    """
    if rights_of(actor.roles) & DUTIES[duty]:
        return None
    for delegation in actor.delegated:
        if rights_of(delegation.roles) & DUTIES[duty]:
            return delegation
    raise NotAllowed(
        gettext_noop("Your role does not allow this. Ask someone who holds the right, or a delegate."), duty=duty
    )


def require_own(actor: Actor, duty: str) -> None:
    """Refuse an actor that does not hold the right itself. What opens rights is not handed on: a delegation ends,
    an account, a role, a token or another delegation made through it would not.

    Raises NotAllowed.
    """
    if require(actor, duty) is not None:
        raise NotAllowed(
            gettext_noop("A delegate cannot open rights for anybody; they would outlast the delegation."), duty=duty
        )
