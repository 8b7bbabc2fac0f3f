from datetime import datetime
from functools import lru_cache

from genyin.base.clock import Calendar
from genyin.procedure.content import Procedure, parse
from genyin.procedure.models import ProcedureVersion, Site


def site() -> Site:
    """The installation's organisation; unsaved defaults before `setup`."""
    return Site.objects.filter(id=1).first() or Site(name="Genyin")


def current() -> ProcedureVersion:
    """The newest published version; new problems are bound to it."""
    return ProcedureVersion.objects.latest("number")


def read(version: ProcedureVersion) -> Procedure:
    """A version's content as a value. A published version never changes, so it is parsed once."""
    return _parsed(version.pk, version.published_at) if version.pk else parse(version.content)


def calendar() -> Calendar:
    """Working days as the current version and the site's zone have them."""
    return read(current()).calendar(site().zone)


@lru_cache(maxsize=64)
def _parsed(pk: int, _published_at: datetime) -> Procedure:
    return parse(ProcedureVersion.objects.get(pk=pk).content)
