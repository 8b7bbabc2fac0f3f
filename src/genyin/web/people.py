"""People: who there is, their roles, their sign-in. What each may see lies in access.py, integrations in tokens.py."""

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents.models import Access
from genyin.people import upkeep
from genyin.people.actions import add_user, set_password, set_roles
from genyin.people.models import ApiToken, User
from genyin.people.roles import PERSONAL, require
from genyin.reviews.handover import deactivate
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.parts import Flag
from genyin.web.words import word

NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _role_choices() -> list[tuple[str, str]]:
    return [(code, word("role", code)) for code in PERSONAL]


class RolesForm(Form):
    title = gettext_lazy("Roles")
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=_role_choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PersonForm(Form):
    title = gettext_lazy("Add a person")
    submit = gettext_lazy("Add")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=_role_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=gettext_lazy("First password"),
        required=False,
        max_length=128,
        widget=NEW_PASSWORD,
        help_text=gettext_lazy("At least 10 characters. Left empty, the person cannot sign in until one is set."),
    )


class PasswordForm(Form):
    title = gettext_lazy("Set a new password")
    intro = gettext_lazy("Tell it to the person by another way than e-mail; they can change it in their profile.")
    password = forms.CharField(label=gettext_lazy("New password"), max_length=128, widget=NEW_PASSWORD)


@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody with their roles; those who left at the end."""
    require(request.actor, "user.edit")
    everybody = User.objects.prefetch_related("grants", "access__customer", "access__service").order_by(
        "-is_active", "name"
    )
    rows = [(person, _seen(person)) for person in everybody]
    tokens = ApiToken.objects.order_by("revoked_at", "name").select_related("user")
    return respond.page_or_fragment(request, "people/list.html", {"rows": rows, "tokens": tokens})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    require(request.actor, "user.edit")
    if request.method != "POST":
        return respond.form(request, PersonForm(initial={"language": request.organisation.language}))
    form = PersonForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    given = form.cleaned_data
    user = add_user(**{**given, "password": given["password"] or None}, by=request.actor)
    return respond.done(request, _url(user), _("%(name)s was added.") % {"name": user.name})


@require_safe
def person(request: Request, username: str) -> HttpResponse:
    """One person: roles, what they see, their sign-in."""
    require(request.actor, "user.edit")
    user = _user(username)
    context = {
        "person": user,
        "roles": [word("role", g.role) for g in user.grants.order_by("role")],
        "access": _access(user),
    }
    return respond.page_or_fragment(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request, username: str) -> HttpResponse:
    """Give a person exactly the roles that are ticked."""
    require(request.actor, "user.edit")
    user = _user(username)
    if request.method != "POST":
        return respond.form(request, RolesForm(initial={"roles": [grant.role for grant in user.grants.all()]}))
    form = RolesForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    set_roles(user, roles=form.cleaned_data["roles"], by=request.actor)
    return respond.done(request, _url(user), _("The roles of %(name)s were set.") % {"name": user.name})


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request, username: str) -> HttpResponse:
    require(request.actor, "user.edit")
    user = _user(username)
    if request.method != "POST":
        return respond.form(request, PasswordForm())
    form = PasswordForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    set_password(user, password=form.cleaned_data["password"], by=request.actor)
    return respond.done(request, _url(user), _("The password of %(name)s was set.") % {"name": user.name})


@require_POST
def leave(request: Request, username: str) -> HttpResponse:
    """Take a person's sign-in away; refused while they have open work."""
    user = deactivate(_user(username), by=request.actor)
    return respond.done(request, _url(user), _("%(name)s can no longer sign in.") % {"name": user.name})


@require_POST
def back(request: Request, username: str) -> HttpResponse:
    user = upkeep.reactivate(_user(username), by=request.actor)
    return respond.done(request, _url(user), _("%(name)s can sign in again.") % {"name": user.name})


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(gettext_noop("There is no person %(username)s."), username=username)
    return user


def _access(user: User) -> QuerySet[Access]:
    return user.access.select_related("customer", "service").order_by("customer__name", "service__name")


def _seen(user: User) -> list[Flag]:
    """What a person may see, in short."""
    return [Flag(str(row.customer or row.service)) for row in user.access.all()]


def _url(user: User) -> str:
    return reverse("person", args=[user.username])


urlpatterns = [
    path("people/", people, name="people"),
    path("people/add/", add, name="add_person"),
    path("people/<str:username>/", person, name="person"),
    path("people/<str:username>/roles/", roles, name="set_roles"),
    path("people/<str:username>/password/", password, name="set_password"),
    path("people/<str:username>/deactivate/", leave, name="deactivate"),
    path("people/<str:username>/reactivate/", back, name="reactivate"),
]
