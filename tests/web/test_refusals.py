"""A refusal says what happened, what to do and where; nothing is half written."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from genyin import urls
from genyin.base.errors import Conflict, ControlPointOpen, NotAllowed, NotFound
from genyin.base.models import Event
from genyin.people.models import Delegation
from tests.cast import Cast
from tests.web.conftest import Visit
from tests.web.pages import Page

HTMX = {"HX-Request": "true"}


def refuse(request: HttpRequest, ref: str) -> HttpResponse:
    """Refuses in the way the address names."""
    raise {
        "points": ControlPointOpen("pass_review", ("effect", "review")),
        "stale": Conflict("Somebody else changed it."),
        "hidden": NotFound("There is no problem %(ref)s that you may see.", ref=ref),
        "right": NotAllowed("Your role does not allow this."),
    }[ref]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a defect")


urlpatterns = [path("problems/<str:ref>/refuse/", refuse), path("fail/", fail), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(("ref", "status"), [("points", 409), ("stale", 409), ("hidden", 404), ("right", 403)])
def test_a_refusal_is_a_page_with_its_status_and_advice(visit: Visit, ref: str, status: int) -> None:
    answer = visit("lead").get(f"/problems/{ref}/refuse/")
    text = answer.content.decode()
    assert answer.status_code == status
    assert Page(text).faults == []
    assert 'class="g-said"' in text


def test_every_open_point_is_listed_with_the_way_to_satisfy_it(visit: Visit) -> None:
    text = visit("lead").get("/problems/points/refuse/").content.decode()
    assert "Not yet: 2 control points are open." in text
    assert 'href="/problems/points/judge_effect/"' in text
    assert 'href="/problems/points/hold_review/"' in text


def test_a_refusal_of_htmx_lands_in_the_message_area(visit: Visit) -> None:
    answer = visit("lead").get("/problems/points/refuse/", headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in text
    assert 'href="/problems/points/judge_effect/"' in text


def test_a_refused_verb_is_shown_in_the_form_beside_its_field_and_keeps_what_was_typed(
    visit: Visit, cast: Cast
) -> None:
    sent = {"to": cast.user("deputy").pk, "starts": "2026-12-08", "ends": "2026-12-01", "reason": "Away in December"}
    answer = visit("lead").post("/profile/delegate/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_ends_error">The delegation ends before it starts.' in text
    assert "Away in December" in text
    assert not Delegation.objects.exists()


def test_a_form_with_mistakes_comes_back_to_htmx_alone(visit: Visit) -> None:
    answer = visit("lead").post("/profile/delegate/", {"starts": "soon"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.startswith("<form")
    assert "Give a date such as" in text
    assert 'value="soon"' in text


def test_a_form_that_htmx_sent_well_leads_on_as_a_whole_page(visit: Visit, cast: Cast) -> None:
    sent = {"to": cast.user("deputy").pk, "starts": "2026-12-01", "ends": "2026-12-08"}
    answer = visit("lead").post("/profile/delegate/", sent, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/profile/")
    assert Event.objects.filter(verb="user.delegated").count() == 1


def test_a_form_from_elsewhere_is_refused_and_changes_nothing(visit: Visit, cast: Cast) -> None:
    answer = visit("lead", enforce_csrf=True).post("/language/", {"language": "zh-hans"})
    assert answer.status_code == 403
    cast.user("lead").refresh_from_db()
    assert cast.user("lead").language == "en"


def test_a_defect_shows_a_page_that_needs_no_database(visit: Visit) -> None:
    client = visit("lead")
    client.raise_request_exception = False
    answer = client.get("/fail/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert Page(text).faults == []
    assert "a defect" not in text
    assert urls.handler500(RequestFactory().get("/")).status_code == 500


def test_a_stranger_reads_the_same_words(cast: Cast, client: Client) -> None:
    text = client.get("/accounts/signup/").content.decode()
    assert Page(text).faults == []


@pytest.mark.parametrize(("username", "offered"), [("lead", True), ("representative", False)])
def test_a_page_that_is_not_there_offers_the_search_to_who_has_one(visit: Visit, username: str, offered: bool) -> None:
    answer = visit(username).get("/no/such/page/")
    assert answer.status_code == 404
    assert ('class="btn" href="/search/"' in answer.content.decode()) is offered
