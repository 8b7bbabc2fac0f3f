"""What bodies name, found for the actor; an unknown name is refused with the field it stood in."""

from collections.abc import Iterable, Sequence

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import ConfigurationItem, Incident, Service
from genyin.people.models import User
from genyin.problems import queries as problems
from genyin.problems.models import Problem


def person(login: str, *, field: str, seen_by: Actor) -> User:
    """The active person of that login. Raises UnknownReference."""
    found = incidents.people_in_sight(seen_by).filter(username=login).first()
    if found is None:
        raise UnknownReference(gettext_noop("There is no active person “%(login)s”."), field=field, login=login)
    return found


def people(logins: Iterable[str], *, field: str, seen_by: Actor) -> list[User]:
    """The people of these logins, in order."""
    return [person(login, field=field, seen_by=seen_by) for login in dict.fromkeys(logins)]


def incident(ref: str, *, field: str, seen_by: Actor) -> Incident:
    """The incident `source:number`. Raises UnknownReference."""
    try:
        return incidents.get(ref, seen_by=seen_by)
    except NotFound as missing:
        raise UnknownReference(missing.message, field=field, **missing.params) from missing


def linked(refs: Sequence[str], *, field: str, seen_by: Actor) -> list[Incident]:
    """The incidents of these refs, in order. Raises UnknownReference naming the first that is missing."""
    return [incident(ref, field=f"{field}.{at}", seen_by=seen_by) for at, ref in enumerate(refs)]


def problem(ref: str, *, field: str, seen_by: Actor) -> Problem:
    """The problem of that number. Raises UnknownReference."""
    try:
        return problems.get(ref, seen_by=seen_by)
    except NotFound as missing:
        raise UnknownReference(missing.message, field=field, **missing.params) from missing


def service(name: str | None, *, field: str = "service", seen_by: Actor) -> Service | None:
    """The service of that name, None when none is named. Raises UnknownReference."""
    return incidents.service_named(name, seen_by=seen_by, field=field) if name else None


def items(names: Sequence[str], *, of: Service, field: str) -> list[ConfigurationItem]:
    """The service's configuration items of these names. Raises UnknownReference."""
    found = {item.name: item for item in of.items.filter(name__in=names)}
    for at, name in enumerate(names):
        if name not in found:
            text = gettext_noop("The service has no configuration item “%(name)s”.")
            raise UnknownReference(text, field=f"{field}.{at}", name=name)
    return [found[name] for name in dict.fromkeys(names)]
