"""Who the caller is; people, delegations and tokens for those who keep them."""

from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import Field

from genyin.api import references
from genyin.api.fields import Body, Code, Day, Line, Login, Moment, PathRef, Text
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers, created
from genyin.api.shapes import person as shapes
from genyin.api.shapes.base import Person
from genyin.api.signing import Request
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.incidents import catalogue, queries
from genyin.incidents.models import Customer, Service
from genyin.people import actions
from genyin.people.models import ApiToken, User
from genyin.people.roles import PERSONAL, ROLES, Right, require
from genyin.problems.writing import one_of
from genyin.procedure import queries as procedure

router = Router(tags=["people"])
Roles = Annotated[list[Code], Field(min_length=1, max_length=len(PERSONAL))]
Part = Literal["owner", "team", "invited"]


class AddUser(Body):
    """Without a password they cannot sign in until one is set."""

    login: Annotated[Login, Field(pattern=r"^[\w.@+-]+$")]
    name: Annotated[Text, Field(min_length=1, max_length=80)]
    email: Annotated[Text, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    roles: Roles
    language: Literal["zh-hans", "en"] = "zh-hans"
    phone: Annotated[Text, Field(max_length=40)] = ""
    password: Annotated[Text, Field(max_length=200)] | None = None


class SetRoles(Body):
    roles: Roles


class Delegate(Body):
    to: Login
    starts: Day
    ends: Day
    reason: Line = ""


class OpenAccess(Body):
    """A customer opens all its services; a service opens that one."""

    customer: Annotated[Text, Field(max_length=120)] | None = None
    service: Line | None = None


class AddToken(Body):
    """`source`: the coded source of problems that arrive through it. `user`: whose rights it has."""

    name: Annotated[Text, Field(min_length=1, max_length=80, pattern=r"^[^/]+$")]
    source: Annotated[Code, Field(max_length=30)] = ""
    user: Login | None = None
    expires_at: Moment | None = None


@router.get("/me", operation_id="me", response=answers(shapes.Me))
def me(request: Request) -> shapes.Me:
    """Who the caller is."""
    return shapes.me(request.auth)


@router.get("/people", operation_id="list_people", response=answers(Page[Person]))
def list_people(
    request: Request, part: Annotated[Part | Literal[""], Query()] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Page[Person]:
    """People the caller may name in a verb; `part` keeps those whose roles may take it."""
    rows = queries.people_in_sight(inside(request))
    if part:
        able = [code for code, role in ROLES.items() if Right(part) in role.parts]
        rows = rows.filter(id__in=User.objects.filter(grants__role__in=able).values("id"))
    return page(rows, lambda user: Person(login=user.username, name=user.name), by="pk", limit=limit, cursor=cursor)


@router.get("/users", operation_id="list_users", response=answers(Page[shapes.UserShape]))
def list_users(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[shapes.UserShape]:
    """Everybody with their roles."""
    require(request.auth, "user.edit")
    return page(User.objects.prefetch_related("grants"), shapes.user, by="pk", limit=limit, cursor=cursor)


@router.post("/users", operation_id="add_user", response=created(shapes.UserShape))
def add_user(request: Request, body: AddUser) -> Status[shapes.UserShape]:
    """Add a person with their roles."""
    given = body.model_dump(exclude={"login"})
    return Status(201, shapes.user(actions.add_user(body.login, **given, by=request.auth)))


@router.get("/users/{login}", operation_id="get_user", response=answers(shapes.UserShape))
def get_user(request: Request, login: PathRef) -> shapes.UserShape:
    """A person with their roles."""
    require(request.auth, "user.edit")
    return shapes.user(_user(login))


@router.post("/users/{login}/roles", operation_id="set_roles", response=answers(shapes.UserShape))
def set_roles(request: Request, login: PathRef, body: SetRoles) -> shapes.UserShape:
    """Give a person exactly these roles."""
    require(request.auth, "user.edit")
    return shapes.user(actions.set_roles(_user(login), roles=body.roles, by=request.auth))


@router.post("/users/{login}/access", operation_id="open_access", response=answers(shapes.UserShape))
def open_access(request: Request, login: PathRef, body: OpenAccess) -> shapes.UserShape:
    """Let a person see a customer's services, or one service."""
    require(request.auth, "user.edit")
    user = _user(login)
    customer, service = _opened(body)
    catalogue.open_access(user=user, customer=customer, service=service, by=request.auth)
    return shapes.user(user)


@router.post("/users/{login}/delegations", operation_id="delegate", response=created(shapes.DelegationShape))
def delegate(request: Request, login: PathRef, body: Delegate) -> Status[shapes.DelegationShape]:
    """Hand a person's rights to another for a time; everybody may hand over their own."""
    by = inside(request)
    giver = User.objects.filter(username=login).first()
    if giver is None or giver.pk != by.user_id:
        require(by, "delegation.edit")
    to = references.person(body.to, field="to", seen_by=by)
    made = actions.delegate(_user(login), to=to, starts=body.starts, ends=body.ends, reason=body.reason, by=by)
    return Status(201, shapes.delegation(made))


@router.get("/tokens", operation_id="list_tokens", response=answers(Page[shapes.TokenShape]))
def list_tokens(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[shapes.TokenShape]:
    """API tokens, newest first; never their secrets."""
    require(request.auth, "token.edit")
    return page(ApiToken.objects.select_related("user"), shapes.token, by="pk", limit=limit, cursor=cursor)


@router.post("/tokens", operation_id="add_token", response=created(shapes.NewToken))
def add_token(request: Request, body: AddToken) -> Status[shapes.NewToken]:
    """Make a token; its secret is answered once and stored nowhere."""
    require(request.auth, "token.edit")
    if body.source:
        one_of(body.source, procedure.read(procedure.current()).sources, "source")
    user = _named(body.user) if body.user else None
    token, secret = actions.add_token(
        body.name, source=body.source, user=user, expires_at=body.expires_at, by=request.auth
    )
    return Status(201, shapes.new_token(token, secret=secret))


@router.post("/tokens/{name}/revoke", operation_id="revoke_token", response=answers(shapes.TokenShape))
def revoke_token(request: Request, name: PathRef) -> shapes.TokenShape:
    """Make a token useless from now on."""
    require(request.auth, "token.edit")
    return shapes.token(actions.revoke_token(_token(name), by=request.auth))


@router.post("/tokens/{name}/access", operation_id="open_token_access", response=answers(shapes.TokenShape))
def open_token_access(request: Request, name: PathRef, body: OpenAccess) -> shapes.TokenShape:
    """Let an integration see a customer's services, or one service."""
    require(request.auth, "token.edit")
    token = _token(name)
    customer, service = _opened(body)
    catalogue.open_token_access(token=token, customer=customer, service=service, by=request.auth)
    return shapes.token(token)


def _opened(body: OpenAccess) -> tuple[Customer | None, Service | None]:
    """The customer or service to open. Whoever opens access need not see what they open."""
    customer = Customer.objects.filter(name=body.customer).first() if body.customer else None
    if body.customer and customer is None:
        text = gettext_noop("There is no customer “%(name)s”.")
        raise UnknownReference(text, field="customer", name=body.customer)
    service = Service.objects.filter(name=body.service).first() if body.service else None
    if body.service and service is None:
        text = gettext_noop("There is no service “%(name)s”.")
        raise UnknownReference(text, field="service", name=body.service)
    return customer, service


def _user(login: str) -> User:
    user = User.objects.filter(username=login).first()
    if user is None:
        raise NotFound(gettext_noop("There is no user %(login)s."), login=login)
    return user


def _named(login: str) -> User:
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None:
        raise UnknownReference(gettext_noop("There is no active user %(login)s."), field="user", login=login)
    return user


def _token(name: str) -> ApiToken:
    token = ApiToken.objects.select_related("user").filter(name=name).first()
    if token is None:
        raise NotFound(gettext_noop("There is no token %(name)s."), name=name)
    return token
