"""A person's word on a family, said on its page."""

from genyin.trends import actions
from genyin.trends.models import Family
from tests.actions.test_trends_decisions import proposed
from tests.actions.test_trends_runs import PRINTER, analysed, arrive
from tests.cast import Cast
from tests.web.conftest import Visit
from tests.web.test_trends import family_of


def test_not_the_same_takes_an_incident_out_and_it_can_be_put_back(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast, times=4)
    family = Family.objects.get(number=int(family_of(candidate).removeprefix("FAM-")))
    member = family.members.order_by("incident_id")[0].incident
    client, address = visit("first_line"), f"/trends/families/{family.ref}/"
    assert f"incident={member.source}%3A{member.external_id}" in client.get(address).content.decode()
    assert client.post(f"{address}not-same/", {"incident": member.ref, "reason": "A drill."}).status_code == 303
    assert family.members.count() == 3
    assert "A drill." in client.get(address).content.decode()
    assert client.post(f"{address}same/", {"incident": member.ref}).status_code == 303
    assert family.members.count() == 4


def test_members_are_split_off_one_by_one_or_by_a_word_of_their_title(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast, times=4)
    arrive(cast, "Core switch restarts and the pharmacy loses network", ago=2, times=3)
    analysed()
    family = Family.objects.get(number=int(family_of(candidate).removeprefix("FAM-")))
    assert family.members.count() == 7
    first = family.members.filter(incident__title__contains="ward").order_by("incident_id")[0].incident
    client, address = visit("lead"), f"/trends/families/{family.ref}/split/"
    assert first.title in client.get(address).content.decode()
    refused = client.post(address, {"incidents": [first.ref]})
    assert (refused.status_code, "Choose at least two" in refused.content.decode()) == (422, True)
    answer = client.post(address, {"incidents": [first.ref], "contains": "pharmacy", "reason": "Another switch."})
    assert answer.status_code == 303
    assert (family.members.count(), Family.objects.latest("number").members.count()) == (3, 4)
    assert Family.objects.latest("number").ref in answer["Location"]


def test_an_unknown_family_to_merge_is_told_beside_its_field(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    answer = visit("lead").post(f"/trends/families/{family_of(candidate)}/merge/", {"other": "FAM-9999"})
    assert answer.status_code == 422
    assert "FAM-9999" in answer.content.decode()


def test_what_is_like_a_family_is_offered_to_merge_and_its_number_leads_on(visit: Visit, cast: Cast) -> None:
    one = Family.objects.get(number=int(family_of(proposed(cast, times=4)).removeprefix("FAM-")))
    arrive(cast, "核心交换机重启，病区断网", ago=2, times=3)
    arrive(cast, PRINTER, ago=2, times=3)
    analysed()
    other = Family.objects.get(title__contains="核心交换机")
    printer = Family.objects.get(title__contains="rinter")
    client, address = visit("lead"), f"/trends/families/{one.ref}/"
    offered = client.get(f"{address}merge/").content.decode()
    assert other.ref in offered
    assert printer.ref not in offered
    assert '<input type="radio" name="alike" value=""' in offered
    for both_or_none in ({"alike": other.ref, "other": printer.ref}, {}):
        assert client.post(f"{address}merge/", both_or_none).status_code == 422
    assert client.post(f"{address}merge/", {"alike": other.ref, "reason": "One switch."}).status_code == 303

    led = client.get(f"/trends/families/{other.ref}/")
    assert (led.status_code, led["Location"]) == (302, address)
    page = client.get(address).content.decode()
    assert f'merged into it <span class="g-num">{other.ref}</span> · 3 incidents<p>One switch.</p>' in page


def test_a_split_is_told_on_both_pages(visit: Visit, cast: Cast) -> None:
    family = Family.objects.get(number=int(family_of(proposed(cast, times=4)).removeprefix("FAM-")))
    refs = [member.incident.ref for member in family.members.order_by("incident_id")[:2]]
    client, address = visit("lead"), f"/trends/families/{family.ref}/"
    new = client.post(f"{address}split/", {"incidents": refs, "reason": "Two racks."})["Location"]
    assert f'split off from it <a class="g-num" href="{new}">' in client.get(address).content.decode()
    assert f'split it off from <a class="g-num" href="{address}">' in client.get(new).content.decode()


def test_who_sees_the_rest_only_is_not_told_of_what_was_split_off(visit: Visit, cast: Cast) -> None:
    family = Family.objects.get(number=int(family_of(proposed(cast, times=4)).removeprefix("FAM-")))
    arrive(cast, "Crane terminal zeppelin is silent", ago=2, times=3, service="warehouse")
    analysed()
    crane = Family.objects.get(title__contains="zeppelin")
    refs = [member.incident.ref for member in crane.members.all()]
    lead, address = visit("lead"), f"/trends/families/{family.ref}/"
    lead.post(f"{address}merge/", {"other": crane.ref, "reason": "One carrier."})
    lead.post(f"{address}split/", {"incidents": refs, "reason": "Another crane."})
    assert "Another crane." in lead.get(address).content.decode()
    page = visit("first_line").get(address).content.decode()
    assert family.ref in page
    assert "crane" not in page
    assert "One carrier." not in page
    assert "3 incidents" not in page


def test_what_was_decided_on_a_family_is_told_where_it_went(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast, times=4)
    arrive(cast, PRINTER, ago=2, times=3)
    analysed()
    printer, client = Family.objects.get(title=PRINTER), visit("lead")
    actions.dismiss_candidate(candidate, reason="Waiting for the vendor.", by=cast.lead)
    client.post(f"/trends/families/{printer.ref}/merge/", {"other": family_of(candidate)})
    page = client.get(f"/trends/families/{printer.ref}/").content.decode()
    assert "<p>Waiting for the vendor.</p>" in page


def test_what_ended_with_its_family_is_nobodys_decision(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast, times=4)
    arrive(cast, PRINTER, ago=2, times=3)
    analysed()
    printer, client = Family.objects.get(title=PRINTER), visit("lead")
    client.post(f"/trends/families/{printer.ref}/merge/", {"other": family_of(candidate)})
    analysed()
    candidate.refresh_from_db()
    assert (candidate.state, candidate.decided_by) == ("dismissed", "")
    assert candidate.ref not in client.get(f"/trends/families/{printer.ref}/").content.decode()
