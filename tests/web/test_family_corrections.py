"""A person's word on a family, said on its page."""

from genyin.trends.models import Family
from tests.actions.test_trends_decisions import proposed
from tests.actions.test_trends_runs import analysed, arrive
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
