"""A person's API token acts as that person, and the log says that it was the token."""

import hashlib
import json

import pytest
from django.db import connection
from django.test import Client

from genyin.base import events, triggers
from genyin.base.models import Event
from genyin.people import actions as people
from genyin.problems.models import Problem
from genyin.reports.documents.text import Dates
from genyin.reports.paper import record_of
from tests.cast import ADMIN, Cast

#: The columns that were chained before a token was named.
FIRST_CHAINED = (
    "seq", "at", "verb", "subject_type", "subject_id", "subject_ref", "actor_kind", "actor_id", "actor_name",
    "on_behalf_of_id", "on_behalf_of_name", "digest", "previous",
)  # fmt: skip


@pytest.fixture
def script(cast: Cast) -> Client:
    """A program of the lead's that calls the API."""
    _token, secret = people.add_token("nightly script", user=cast.user("lead"), by=ADMIN)
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


@pytest.fixture
def told(cast: Cast, script: Client) -> Event:
    """The event of a remark that the program made."""
    problem = cast.submitted()
    answer = script.post(f"/api/problems/{problem.number}/comment", {"text": "Looked at."}, "application/json")
    assert answer.status_code == 200, answer.content
    return events.of(problem).latest("seq")


def test_the_event_names_the_person_and_the_token(cast: Cast, told: Event) -> None:
    assert (told.actor_name, told.actor_id) == (cast.user("lead").name, cast.user("lead").pk)
    assert told.actor_token == "nightly script"
    assert events.verify().first_broken is None


def test_what_a_person_does_at_the_screen_names_no_token(cast: Cast) -> None:
    assert events.of(cast.submitted()).get().actor_token is None


@pytest.mark.parametrize("said", [None, "another script"])
def test_a_token_changed_behind_the_triggers_is_noticed(told: Event, said: str | None) -> None:
    triggers.remove(connection)
    Event.objects.filter(pk=told.pk).update(actor_token=said)
    triggers.install(connection)
    assert events.verify().first_broken == told.seq


def test_a_token_written_into_an_older_row_is_noticed(cast: Cast) -> None:
    older = events.of(cast.submitted()).get()
    triggers.remove(connection)
    Event.objects.filter(pk=older.pk).update(actor_token="nightly script")
    triggers.install(connection)
    assert events.verify().first_broken == older.seq


def test_a_row_written_before_tokens_were_named_still_verifies(cast: Cast) -> None:
    event = events.of(cast.submitted()).get()
    first = json.dumps(
        events.plain({name: getattr(event, name) for name in FIRST_CHAINED}),
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    assert event.hash == hashlib.sha256(first.encode()).hexdigest()


def test_the_page_the_api_and_the_evidence_say_through_which_token(cast: Cast, script: Client, told: Event) -> None:
    screen = Client()
    screen.force_login(cast.user("lead"))
    assert "nightly script" in screen.get(f"/problems/{told.subject_ref}/").content.decode()
    timeline = script.get(f"/api/problems/{told.subject_ref}/timeline").json()["items"]
    assert [row["token"] for row in timeline] == ["nightly script", ""]
    audit = script.get("/api/audit/events", {"subject": told.subject_ref}).json()["items"]
    assert audit[0]["token"] == "nightly script"
    problem = Problem.objects.get(number=told.subject_ref)
    form = record_of(problem, Dates("Asia/Shanghai"), seen_by=cast.lead)
    assert form.log[-1].who.endswith(" / nightly script")
