"""Who is here to work, and who must remain: somebody who administers, and somebody who leads."""

from collections.abc import Iterable

from genyin.base.errors import BadInput, gettext_noop
from genyin.people.models import RoleGrant, User
from genyin.people.roles import PERSONAL, ROLES, Right, rights_of

#: The rights that somebody active must hold, and what is said to whoever would take away the last one.
KEPT = {
    Right.ADMIN: gettext_noop(
        "%(name)s is the last active administrator; nobody could add people any more. "
        "Make somebody else administrator first."
    ),
    Right.LEAD: gettext_noop(
        "%(name)s is the last who holds the lead's right; no problem could be dispatched or reviewed any more. "
        "Make somebody else service-management lead first."
    ),
}


def locked(user: User) -> User:
    """The person as they are now, held until the verb commits: who gives them work waits, or is seen here."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def at_work(person: User, *, field: str) -> User:
    """The person, held, because they are given work: nobody gets any while they are being deactivated.

    Raises BadInput for somebody who left.
    """
    person = locked(person)
    if not person.is_active:
        raise BadInput(gettext_noop("%(name)s has left; choose somebody else."), field=field, name=person.name)
    return person


def keep_a_holder(user: User, *, keeps: Iterable[str] = ()) -> None:
    """Refuse to leave a person only the roles `keeps` where a right would be lost with them. Raises BadInput.

    Call within the verb's transaction. A delegation does not count: it ends.
    """
    kept = rights_of(frozenset(keeps))
    for right, sentence in KEPT.items():
        granting = [code for code in PERSONAL if right in ROLES[code].rights]
        # Locked: two who take each other's right at once go one after the other, and the second is refused.
        grants = RoleGrant.objects.filter(role__in=granting).order_by("id")
        list(grants.select_for_update())
        holders = set(grants.filter(user__is_active=True).values_list("user_id", flat=True))
        if holders == {user.pk} and right not in kept:
            raise BadInput(sentence, field="roles", name=user.name)
