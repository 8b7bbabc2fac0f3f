"""The demo in a database: built through the verbs, as if people had worked here for a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from pytest_django import DjangoDbBlocker

from genyin.base import clock, events
from genyin.base.actor import Actor, job
from genyin.base.models import Event
from genyin.changes.models import Change
from genyin.demo.accounts import PASSWORD, accounts
from genyin.demo.incidents import NEVER_SEEN
from genyin.demo.load import Loaded, load
from genyin.incidents import queries as incidents
from genyin.knowledge.models import KnownError
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.problems.models import ControlPoint, Problem
from genyin.problems.queries import visible_to as visible_problems
from genyin.problems.stages import Flag, Outcome, Stage
from genyin.problems.work import waiting_for
from genyin.reports import queries as reports
from genyin.reviews.models import Review
from genyin.trends import novelties, watch
from genyin.trends import queries as trends
from tests.scenes import rolled_back

pytestmark = pytest.mark.once  # `genyin demo` makes a SQLite of its own, wherever the site's data are

TODAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BY = job("demo")


@dataclass(frozen=True)
class Demo:
    loaded: Loaded

    def actor(self, username: str) -> Actor:
        return actor_for(User.objects.get(username=username))


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """Loaded once for the whole file and rolled back afterwards; the clock stands at the morning after."""
    with rolled_back(django_db_blocker):
        loaded = load(today=TODAY, by=BY)
        with clock.at(MORNING):
            yield Demo(loaded)


def problem(title: str) -> Problem:
    return Problem.objects.get(title__contains=title)


def test_it_holds_a_year_of_incidents(demo: Demo) -> None:
    assert demo.loaded.fresh
    assert 5_700 < demo.loaded.incidents < 6_400


def test_what_was_never_seen_before_is_suggested_as_the_first_of_its_kind(demo: Demo) -> None:
    assert [one.incident.title for one in novelties.suggestions(demo.actor("lead"), state="open")] == [NEVER_SEEN[0]]


def test_a_second_run_finds_it_loaded_and_changes_nothing(demo: Demo) -> None:
    again = load(today=TODAY, by=BY)
    assert not again.fresh
    assert (again.incidents, again.problems, again.events) == (
        demo.loaded.incidents,
        demo.loaded.problems,
        demo.loaded.events,
    )


def test_the_chain_of_events_is_intact_and_in_the_order_of_time(demo: Demo) -> None:
    verdict = events.verify()
    assert verdict.first_broken is None
    assert verdict.events == demo.loaded.events
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= MORNING
    assert moments[-1] - moments[0] > timedelta(days=365)


def test_there_is_a_problem_at_every_stage_with_every_outcome_and_flag(demo: Demo) -> None:
    assert set(Problem.objects.values_list("stage", flat=True)) == set(Stage)
    assert set(Problem.objects.exclude(outcome="").values_list("outcome", flat=True)) == set(Outcome)
    flags = {flag for one in Problem.objects.all() for flag in one.flags}
    assert flags >= {Flag.SENT_BACK, Flag.REASSIGNED, Flag.HOLD_ASKED, Flag.ON_HOLD, Flag.MAJOR, Flag.ARCHIVED}


def test_a_closed_problem_has_its_whole_record(demo: Demo) -> None:
    closed = problem("获取不到 IP")
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, Outcome.FIXED)
    review = closed.reviews.get()
    assert review.passed
    assert review.held_at
    assert review.representatives
    assert review.follow_ups.count() == 2
    assert not review.follow_ups.filter(done_at=None).exists()
    assert closed.register_entry.frozen_at
    assert closed.known_errors.get().state == "fixed"
    assert closed.changes.get().state == "succeeded"
    assert not closed.points.filter(state="open").exists()


def test_one_problem_needed_two_rounds_and_one_was_reopened(demo: Demo) -> None:
    twice = problem("检验结果不回传")
    assert [review.passed for review in twice.reviews.order_by("id")] == [False, True]
    assert events.of(twice).filter(verb="problem.waiver_confirmed").exists()
    reopened = problem("间歇 502")
    assert reopened.cycle == 2
    assert reopened.stage == Stage.INVESTIGATING


def test_the_duplicates_incidents_moved_to_the_original(demo: Demo) -> None:
    duplicate, original = problem("IP 电话夜间掉线"), problem("核心交换机夜间")
    assert duplicate.duplicate_of == original
    assert not duplicate.links.exists()
    assert original.links.filter(moved_from=duplicate).exists()


def test_a_change_was_backed_out_and_another_is_planned(demo: Demo) -> None:
    states = set(Change.objects.values_list("state", flat=True))
    assert states == {"succeeded", "backed_out", "planned"}
    assert problem("出库指令").stage == Stage.SOLVING


def test_known_errors_were_tried_by_first_line(demo: Demo) -> None:
    known = KnownError.objects.get(problem=problem("锁表"))
    results = set(known.trials.values_list("result", flat=True))
    assert "worked" in results


def test_the_major_problem_waits_for_its_review_and_the_watch_says_stopped(demo: Demo) -> None:
    major = problem("核心交换机夜间")
    assert major.is_major
    assert major.stage == Stage.VERIFYING
    assert major.verdicts.latest("at").code == "stopped"
    waiting = ControlPoint.objects.filter(problem=major, state="open").values_list("code", flat=True)
    assert {"effect", "review", "meeting"} <= set(waiting)


def test_the_fix_that_came_back_is_proposed_for_reopening(demo: Demo) -> None:
    back = {one.problem.pk: one.why for one in watch.recurrences(demo.actor("lead"))}
    assert back[problem("自动切换到备库").pk] == "came_back"


def test_bounced_mail_is_a_candidate_because_it_rises(demo: Demo) -> None:
    lead = demo.actor("lead")
    listed = [one for one in trends.explained(trends.candidates(lead), seen_by=lead) if "rise" in one.rules]
    assert listed
    assert {one.service for one in listed} == {"企业邮件"}


def test_a_candidate_became_a_problem_and_another_was_dismissed(demo: Demo) -> None:
    verbs = set(Event.objects.filter(verb__startswith="candidate.").values_list("verb", flat=True))
    assert verbs >= {"candidate.accepted", "candidate.linked", "candidate.dismissed"}
    assert problem("波次计算").source == "trend"


def test_last_months_report_is_issued_with_its_documents(demo: Demo) -> None:
    report = reports.issued("2026-10", seen_by=demo.actor("lead"))
    assert report is not None
    assert {"docx", "xlsx"} <= set(report.files)
    check = reports.month_end_check("2026-10", seen_by=demo.actor("lead"))
    assert not check.unconfirmed


def test_everybody_on_the_list_of_accounts_can_sign_in(demo: Demo) -> None:
    user = authenticate(username=accounts()[0].username, password=PASSWORD)
    assert user is not None
    hashes = set(User.objects.values_list("password", flat=True))
    assert hashes == {user.password}


def test_the_lead_and_the_owners_have_work_waiting(demo: Demo) -> None:
    verbs = {work.verb for work in waiting_for(demo.actor("lead"))}
    assert verbs >= {"dispatch", "pass_review", "confirm_waiver", "grant_hold"}
    assert any(work.late_days > 0 for work in waiting_for(demo.actor("lead")))
    for owner in ("network2", "database1", "virtual1", "desktop1"):
        assert waiting_for(demo.actor(owner)), owner
    assert {work.verb for work in waiting_for(demo.actor("desk3"))} == {"resubmit"}


def test_the_deputy_acts_for_the_lead_this_week(demo: Demo) -> None:
    assert {work.verb for work in waiting_for(demo.actor("deputy"))} >= {"dispatch", "pass_review"}


def test_a_representative_sees_their_own_customer_only(demo: Demo) -> None:
    representative = demo.actor("rep-yunling")
    assert not incidents.visible_to(representative).exists()
    seen = visible_problems(representative).values_list("service__customer__name", flat=True)
    assert set(seen) == {"云岭一院"}


def test_reviews_are_written_by_people_who_do_not_own_the_problem(demo: Demo) -> None:
    for review in Review.objects.filter(passed=True).select_related("problem__owner"):
        assert review.problem.owner is not None
        assert review.decided_by != review.problem.owner.name
