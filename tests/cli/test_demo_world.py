"""The invented year: believable, complete in both languages, and the same for the same day."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from genyin.demo import staff, stories, world
from genyin.demo.accounts import accounts
from genyin.demo.families import families, one_offs
from genyin.demo.incidents import NEVER_SEEN, ZONE, Told, year
from genyin.demo.short import short_stories
from genyin.demo.text import Text
from genyin.incidents.data import State
from genyin.people.roles import PERSONAL, Right, parts_of

TODAY = date(2026, 11, 23)
ALL_STORIES = (*stories.stories(), *short_stories())


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return year(today=TODAY)


def days_ago(one: Told) -> int:
    return (TODAY - one.data.occurred_at.astimezone(ZONE).date()).days


def of(told: list[Told], family: str) -> list[int]:
    return [days_ago(one) for one in told if one.family == family]


def test_three_customers_have_eight_services_with_items_targets_projects_and_owners() -> None:
    assert len(world.CUSTOMERS) == 3
    assert len(world.SERVICES) == 8
    for service in world.SERVICES:
        assert {item.service for item in world.ITEMS} >= {service.key}
        assert 95 < service.availability_target < 100
        project = next(p for p in world.PROJECTS if p.key == service.project)
        assert project.customer == service.customer
        assert Right.OWNER in parts_of(frozenset(staff.person(service.owner).roles))
        assert service.team in {team.key for team in staff.TEAMS}


def test_somebody_is_in_every_role_and_two_hold_the_leads() -> None:
    held = Counter(role for person in staff.PEOPLE for role in person.roles)
    assert set(held) == set(PERSONAL)
    assert held["lead"] == 2
    assert held["representative"] == 3
    assert all(person.mail.endswith("@example.com") for person in staff.PEOPLE)


def test_the_year_has_some_six_thousand_incidents_and_a_third_happens_once(told: list[Told]) -> None:
    assert 5_700 < len(told) < 6_400
    assert len(families()) >= 40
    once = sum(one.family == "" for one in told)
    assert 0.27 < once / len(told) < 0.33
    assert len({one.data.external_id for one in told}) == len(told)


def test_the_same_day_gives_the_same_year_and_another_seed_another(told: list[Told]) -> None:
    again = year(today=TODAY)
    assert [one.data.digest() for one in again] == [one.data.digest() for one in told]
    assert [one.data.title for one in year(today=TODAY, seed=1)] != [one.data.title for one in told]


def test_nothing_happens_on_the_last_day_or_after_and_the_latest_are_still_open(told: list[Told]) -> None:
    end = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=ZONE).astimezone(UTC)
    assert max(one.data.opened_at for one in told) < end
    assert all(one.data.occurred_at <= one.data.opened_at for one in told)
    assert all((one.data.resolved_at or end) <= end and (one.data.closed_at or end) <= end for one in told)
    still_open = [one for one in told if one.data.state is State.OPEN]
    assert still_open
    assert min(one.data.opened_at for one in still_open) > end - timedelta(days=30)


def test_every_mask_is_filled_and_every_service_is_known(told: list[Told]) -> None:
    services = {service.name.zh for service in world.SERVICES}
    items = {item.code for item in world.ITEMS}
    for one in told:
        texts = (one.data.title, one.data.description, one.data.resolution, one.data.reporter)
        assert not re.search(r"[{}]", " ".join(texts)), texts
        assert one.data.service in services
        assert one.data.ci is None or one.data.ci in items


def test_calls_come_in_both_languages_and_alarms_from_monitoring(told: list[Told]) -> None:
    english = sum(one.data.title.isascii() for one in told if one.data.source == "servicedesk")
    assert 0.1 < english / len(told) < 0.4
    assert 0.1 < sum(one.data.source == "monitoring" for one in told) / len(told) < 0.25


def test_the_family_fixed_seven_months_ago_stopped_for_good(told: list[Told]) -> None:
    seen = of(told, "dhcp-exhausted")
    assert len(seen) > 40
    assert min(seen) > 205


def test_a_fixed_family_is_silent_for_months_and_comes_back(told: list[Told]) -> None:
    seen = of(told, "his-db-failover")
    assert not [ago for ago in seen if 25 < ago <= 120]
    assert len([ago for ago in seen if ago <= 25]) >= 3


def test_one_family_belongs_to_the_turn_of_the_month(told: list[Told]) -> None:
    days = [(TODAY - timedelta(days=ago)).day for ago in of(told, "erp-month-end")]
    assert sum(day >= 28 or day == 1 for day in days) > 0.55 * len(days)


def test_bounced_mail_rises_in_the_last_two_weeks(told: list[Told]) -> None:
    seen = of(told, "spf-bounce")
    assert len([ago for ago in seen if ago <= 14]) > 5 * len([ago for ago in seen if 14 < ago <= 42])


def test_a_one_off_is_told_once(told: list[Told]) -> None:
    pairs = {(one.service, one.thing, one.fault) for one in one_offs()}
    assert len(pairs) == len(one_offs())
    drawn = [one for one in told if one.family == "" and one.data.title != NEVER_SEEN[0]]
    assert len(pairs) >= len(drawn)


def test_every_story_names_known_people_services_items_and_families() -> None:
    people = {person.username for person in staff.PEOPLE}
    known = {family.key for family in families()}
    for story in ALL_STORIES:
        assert story.service in {service.key for service in world.SERVICES}
        assert {world.item(code).service for code in story.items} <= {story.service}
        assert story.family in known | {""}
        assert {story.submitter, *(step.by for step in story.steps)} <= people
        if story.family:
            assert next(f for f in families() if f.key == story.family).service == story.service


@pytest.mark.parametrize("weekday", range(7))
def test_steps_follow_each_other_whatever_day_it_is(weekday: int) -> None:
    today = TODAY + timedelta(days=weekday)
    for story in ALL_STORIES:
        moments = [stories.moment(at, today) for at in (story.at, *(step.at for step in story.steps))]
        assert moments == sorted(moments), story.key
        assert moments[-1].astimezone(ZONE).date() < today


def test_every_text_of_a_story_is_there_in_both_languages() -> None:
    for story in stories.stories():
        spoken: list[Text] = [story.title, story.description, *_texts([step.said for step in story.steps])]
        for text in spoken:
            assert re.search(r"[一-鿿]", text.zh), text
            assert text.en, text
            assert not re.search(r"[一-鿿]", text.en), text


def test_the_accounts_say_who_to_be_and_what_to_look_at() -> None:
    for language in ("zh", "en"):
        table = accounts(language)
        assert {account.role for account in table} >= {"lead", "first_line", "owner", "representative", "auditor"}
        assert all(account.look_at and account.name for account in table)


def _texts(value: object) -> list[Text]:
    if isinstance(value, Text):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []
