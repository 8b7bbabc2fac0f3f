"""What an actor may do with one problem: rights by role and by part, own and delegated kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genyin.base.actor import Actor, Delegated
from genyin.incidents.queries import representing
from genyin.people.models import RoleGrant
from genyin.people.roles import Right, parts_of, rights_of
from genyin.problems.lifecycle import Flag, Transition
from genyin.problems.models import PartKind, Problem


@dataclass(frozen=True, slots=True)
class Standing:
    """Rights on one problem. `own` without delegation; `via` names the delegation behind a right that is not own.

    `parts` are the person's own parts whatever their roles: an owner who lost that role still owns the problem, and
    what is forbidden to its owner stays forbidden to them.
    """

    own: frozenset[Right]
    parts: frozenset[Right] = frozenset()
    via: Mapping[Right, Delegated] = field(default_factory=dict)

    @property
    def rights(self) -> frozenset[Right]:
        return self.own | frozenset(self.via)

    @property
    def personal(self) -> frozenset[Right]:
        """What `not_by` is judged by."""
        return self.own | self.parts

    def through(self, row: Transition) -> Delegated | None:
        """The delegation that lets the actor use this transition, None when an own right does."""
        if row.by & self.own:
            return None
        return next((self.via[right] for right in row.by if right in self.via), None)


def standing(actor: Actor, problem: Problem | None) -> Standing:
    """The actor's standing; without a problem (registering one) only rights by role."""
    # A part counts only for a role that may take it: somebody made auditor writes nothing any more.
    parts = _parts(problem, actor.user_id, actor.token_id)
    own = rights_of(actor.roles) | parts & parts_of(actor.roles)
    via: dict[Right, Delegated] = {}
    for delegation in actor.delegated:
        lent = rights_of(delegation.roles) | _parts(problem, delegation.user_id, None) & parts_of(delegation.roles)
        via.update({right: delegation for right in lent - own if right not in via})
    return Standing(own=own, parts=parts, via=via)


def flags_of(problem: Problem) -> frozenset[Flag]:
    """All flags of a problem, with the one that depends on its owner's roles."""
    leads = problem.owner_id is not None and RoleGrant.objects.filter(user_id=problem.owner_id, role="lead").exists()
    return problem.flags | (frozenset({Flag.OWNER_LEADS}) if leads else frozenset())


def _parts(problem: Problem | None, user_id: int | None, token_id: int | None) -> frozenset[Right]:
    if problem is None:
        return frozenset()
    taken = set()
    if user_id is not None:
        if problem.owner_id == user_id:
            taken.add(Right.OWNER)
        if problem.submitter_id == user_id:
            taken.add(Right.SUBMITTER)
        kinds = {part.kind for part in problem.parts.all() if part.user_id == user_id}
        taken |= {Right.TEAM} if PartKind.TEAM in kinds else set()
        if PartKind.REPRESENTATIVE in kinds and representing(user_id, problem.service_id).exists():
            taken.add(Right.INVITED)
    if token_id is not None and problem.submitter_token_id == token_id:
        taken.add(Right.SUBMITTER)
    return frozenset(taken)
