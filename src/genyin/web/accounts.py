"""Sign-in by allauth, closed to the public: accounts are made by an administrator."""

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext as _

from genyin.people.actions import set_password
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.web import refusals
from genyin.web.refusals import Refusal


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """allauth's rate limits stay on (per address and per account, counted in the database cache)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """Through our verb, so that the event log tells of it."""
        set_password(user, password=password, by=actor_for(user))


@login_not_required
def closed(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Signing up, and everything by mail: an account is made and its password set by an administrator."""
    sentence = _("Accounts are made by an administrator, who can also set a new password for you.")
    return refusals.show(request, Refusal(403, _("Not open"), sentence, _("Ask your administrator.")))


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    # allauth looks these names up
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("email/confirm/", closed, name="account_email_verification_sent"),
    path("password/set/", closed, name="account_set_password"),
    path("password/reset/", closed, name="account_reset_password"),
]
