"""The procedure on screen, the states drawn from the table, and the service catalogue."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.html import escape

from genyin.incidents.models import Customer, Service
from genyin.problems.lifecycle import TRANSITIONS, VERBS, Stage
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.web.procedure import diagram
from genyin.web.words import word
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page

PAGES = [
    "/procedure/",
    "/procedure/versions/1/",
    "/procedure/states/",
    "/procedure/services/",
    "/procedure/services/add/",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_sound_in_both_languages(visit: Visit, address: str, language: str) -> None:
    answer = visit("lead", language=language).get(address)
    assert answer.status_code == 200
    assert Page(answer.content.decode()).faults == []


def test_the_page_says_targets_points_with_their_clauses_and_who_holds_the_roles(visit: Visit) -> None:
    text = visit("first_line").get("/procedure/").content.decode()
    for said in ("Fix in place", "R51", "Hardware equipment", "WT-2", "HY-2", "deputy", "version 1, in force"):
        assert said in text


def test_an_older_version_is_marked_and_kept(visit: Visit, cast: Cast) -> None:
    procedure.publish({**default(), "name": "Stricter rules"}, note="After the audit", by=cast.lead)
    client = visit("lead")
    assert "Stricter rules" in client.get("/procedure/").content.decode()
    old = client.get("/procedure/versions/1/").content.decode()
    assert "version 1, older" in old
    assert "<h1>Stricter rules" not in old
    assert client.get("/procedure/versions/9/").status_code == 404


def test_the_diagram_shows_every_stage_every_verb_and_every_move_of_the_table(visit: Visit) -> None:
    text = visit("lead").get("/procedure/states/").content.decode()
    assert text.count("<rect ") == len(Stage)
    with translation.override("en"):
        assert not [verb for verb in VERBS if escape(word("verb", verb)) not in text]
    drawn = diagram.drawn()
    moves = {(start, to) for row in TRANSITIONS for start in row.start for to in row.to if len(row.start) < 4}
    assert len(drawn.arrows) == len(moves)


def test_outsiders_see_nothing_of_it(visit: Visit) -> None:
    for address in PAGES:
        assert visit("representative").get(address).status_code == 404


def found(cast: Cast) -> Service:
    """A service that an import met."""
    return Service.objects.create(name="printing", confirmed=False)


def test_a_service_that_an_import_met_is_confirmed_with_its_customer_target_and_items(visit: Visit, cast: Cast) -> None:
    service, client = found(cast), visit("lead")
    text = client.get("/procedure/services/?show=unconfirmed").content.decode()
    assert "printing" in text
    assert "warehouse" not in text
    said = {
        "name": "Printing", "customer": "hospital customer", "project": "hospital project", "target": "99.5",
        "items": "PRN-01 | printer\n\nPRN-02", "default_owner": cast.user("owner").pk,
    }  # fmt: skip
    assert client.post(f"/procedure/services/{service.pk}/", said).status_code == 303
    service.refresh_from_db()
    assert (service.name, service.confirmed, service.availability_target) == ("Printing", True, Decimal("99.5"))
    assert service.customer == cast.customers["hospital"]
    assert dict(service.items.values_list("name", "kind")) == {"PRN-01": "printer", "PRN-02": ""}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "warehouse"), ("target", "101"), ("target", "0"), ("items", "|switch"), ("project", "without customer")],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(visit: Visit, cast: Cast, field: str, value: str) -> None:
    service, customers = found(cast), Customer.objects.count()
    said = {"name": "Printing", "items": "", field: value}
    assert visit("lead").post(f"/procedure/services/{service.pk}/", said).status_code == 422
    service.refresh_from_db()
    assert (service.name, service.confirmed) == ("printing", False)
    assert Customer.objects.count() == customers


def test_who_names_the_customer_of_a_service_is_told_what_that_opens(visit: Visit, cast: Cast) -> None:
    met = Service.objects.create(name="mail", confirmed=False)
    cast.services["mail"] = met
    cast.incident("Mail is slow", service="mail")
    text = visit("administrator").get(f"/procedure/services/{met.pk}/").content.decode()
    assert "will see the 1 incident that is filed here" in text


def test_a_service_with_records_is_not_moved_to_another_customer(visit: Visit, cast: Cast) -> None:
    cast.submitted(service="network")
    network = cast.services["network"]
    said = {"name": "network", "customer": "harbour customer", "project": "", "target": "", "items": ""}
    answer = visit("administrator").post(f"/procedure/services/{network.pk}/", said)
    assert answer.status_code == 422
    assert "Enter a service of its own" in answer.content.decode()
    network.refresh_from_db()
    assert network.customer == cast.customers["hospital"]


def test_first_line_reads_the_services_it_sees_and_edits_none(visit: Visit, cast: Cast) -> None:
    client = visit("first_line")
    text = client.get("/procedure/services/").content.decode()
    assert "network" in text
    assert "warehouse" not in text
    assert "/procedure/services/add/" not in text
    assert client.get(f"/procedure/services/{cast.services['warehouse'].pk}/").status_code == 404
    assert client.post(f"/procedure/services/{cast.services['network'].pk}/", {"name": "x"}).status_code == 403


@pytest.mark.parametrize("rows", [10, 50])
def test_the_catalogue_asks_the_same_for_many_rows(
    visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int
) -> None:
    Service.objects.bulk_create(Service(name=f"service {number:02d}") for number in range(rows))
    queries_of("service catalogue", visit("lead"), "/procedure/services/")


def test_the_procedure_asks_the_same_for_many_people(visit: Visit, queries_of: QueryCounts) -> None:
    queries_of("procedure", visit("lead"), "/procedure/")
