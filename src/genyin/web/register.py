"""The problem register 汇总表 of a month, its month-end check, the owner's confirmation, and the workbook."""

from dataclasses import astuple, dataclass
from datetime import timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.models import User
from genyin.people.roles import Right, held, may, require
from genyin.problems.models import Problem
from genyin.reports import actions, queries
from genyin.reports.documents.register import COLUMNS
from genyin.reports.documents.text import Dates
from genyin.reports.documents.words import joined
from genyin.reports.facts import RegisterGap
from genyin.reports.month_end import MonthEnd
from genyin.reports.register_book import register_book, register_row
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.problems.forms.base import reason
from genyin.web.reports import scopes
from genyin.web.reports.issue import KINDS

SIZE = 25


class Confirm(Form):
    title = gettext_lazy("Confirm the month's end")
    submit = gettext_lazy("Confirm")
    intro = gettext_lazy("You say that every problem of the month is in the register and its row is complete.")
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"))
    note = reason(gettext_lazy("Note"), required=False, rows=2)


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner of the month: whether it is confirmed, and whether the reader may do it."""

    user: User
    confirmed: str
    may_confirm: bool


@require_safe
@inside_only
def register(request: Request) -> HttpResponse:
    """The eighteen columns for a month, and what the month-end check found."""
    scope, month = scopes.read(request), _month(request)
    check = queries.month_end_check(month, scope=scope, seen_by=request.actor)
    chosen = queries.register(month=month, scope=scope, seen_by=request.actor).prefetch_related("causes")
    shown = page(request, chosen, by=("registered_at", "id"), size=SIZE)
    dates = Dates(request.organisation.zone)
    start, end = clock.month_window(month, request.organisation.zone)
    context = {
        "month": month,
        "earlier": clock.month_of(start - timedelta(days=1), request.organisation.zone),
        "after": clock.month_of(end, request.organisation.zone) if end <= clock.now() else "",
        "check": check,
        "gaps": [(gap, _lacks(gap)) for gap in check.gaps],
        "owners": owners(check, request.actor, dates),
        "heads": [_(name) for name, _width in COLUMNS],
        "above": before(chosen, shown.rows[0]) if shown.rows and not shown.is_first else 0,
        "page": shown,
        "rows": [(problem.number, astuple(register_row(problem, dates))[1:]) for problem in shown.rows],
        "may_export": may(request.actor, "register.export"),
        "scopes": scopes.choices(request.actor, scope),
        "query": f"?month={month}" + (f"&scope={scopes.code_of(scope)}" if scopes.code_of(scope) else ""),
    }
    return respond.page_or_fragment(request, "register/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def confirm(request: Request, month: str) -> HttpResponse:
    """An owner, their delegate or a lead says that the month is complete."""
    check = queries.month_end_check(month, seen_by=request.actor)
    mine = [one.pk for one in check.unconfirmed if may_confirm(one, request.actor)]
    form = Confirm.read(request, action=request.path) if request.method == "POST" else Confirm(initial=_first(request))
    chosen = form.fields["owner"]
    assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 (declared above)
    chosen.queryset = User.objects.filter(pk__in=mine).order_by("name")
    if request.method != "POST":
        return respond.form(request, form)
    if not form.is_valid():
        return respond.form_errors(request, form)
    actions.confirm_month_end(month, **form.cleaned_data, by=request.actor)
    return respond.done(request, f"{reverse('register')}?month={month}", _("Confirmed."))


@require_safe
@inside_only
def workbook(request: Request, month: str) -> HttpResponse:
    """The register of a month as a workbook, with its month-end check."""
    require(request.actor, "register.export")
    scope = scopes.read(request)
    check = queries.month_end_check(month, scope=scope, seen_by=request.actor)
    chosen = queries.register(month=month, scope=scope, seen_by=request.actor)
    content = register_book(chosen, period=month, check=check, language=get_language() or "en")
    return respond.download(content, name=f"{_('Problem register')}_{month}.xlsx", kind=KINDS["xlsx"])


def before(chosen: QuerySet[Problem], first: Problem) -> int:
    """How many rows of the register stand above the first of this page."""
    earlier = Q(registered_at__lt=first.registered_at) | Q(registered_at=first.registered_at, id__lt=first.pk)
    return chosen.order_by().filter(earlier).count()


def owners(check: MonthEnd, actor: Actor, dates: Dates) -> list[Owner]:
    """Who has confirmed and who has not."""
    done = {one.owner_id: dates.minute(one.confirmed_at) for one in check.confirmations}
    return [Owner(one, done.get(one.pk, ""), one.pk not in done and may_confirm(one, actor)) for one in check.owners]


def may_confirm(owner: User, actor: Actor) -> bool:
    """Whether the button is offered: the verb itself has the last word."""
    return actor.stands_for(owner.pk) or Right.LEAD in held(actor)


def _first(request: Request) -> dict[str, object]:
    asked = request.GET.get("owner", "")
    return {"owner": int(asked)} if asked.isdecimal() and len(asked) < 10 else {"owner": request.actor.user_id}


def _lacks(gap: RegisterGap) -> str:
    return joined("missing", gap.missing) if gap.missing else _("no row in the register")


def _month(request: Request) -> str:
    """The month that is asked for, else the present one. What is no month is refused by the query."""
    return request.GET.get("month", "") or clock.month_of(clock.now(), request.organisation.zone)


urlpatterns = [
    path("register/", register, name="register"),
    path("register/<str:month>/confirm/", confirm, name="confirm_month_end"),
    path("register/<str:month>/workbook/", workbook, name="register_workbook"),
]
