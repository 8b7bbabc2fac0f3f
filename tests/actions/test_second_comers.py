"""Whoever comes second, or acts on an old reading, is told so: nothing is done twice, and nothing breaks."""

from datetime import timedelta
from pathlib import Path

import pytest

from genyin.base import clock, events
from genyin.base.errors import BadInput, Conflict, NotAllowed
from genyin.base.models import Event
from genyin.changes import actions as changes
from genyin.changes.history import receive_changes
from genyin.changes.models import Change
from genyin.incidents.data import ChangeData
from genyin.intake import actions as intake
from genyin.people import actions as people
from genyin.people import upkeep
from genyin.people.models import ApiToken, Delegation, User
from genyin.problems import actions as problems
from genyin.problems import points
from genyin.problems.models import PointState, Problem
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.procedure.models import ProcedureVersion
from genyin.reports import actions as reports
from genyin.reviews import actions as reviews
from genyin.reviews.models import FollowUp, WatchVerdict
from genyin.trends import actions as trends
from genyin.trends.models import Watch
from tests.actions.at_once import at_once
from tests.cast import ADMIN, SETUP, Cast

DAY = timedelta(days=1)


def _lend(cast: Cast, giver: str, to: str) -> None:
    today = clock.now().date()
    people.delegate(cast.user(giver), to=cast.user(to), starts=today - DAY, ends=today + DAY, by=getattr(cast, giver))


def _follow_up(cast: Cast, problem: Problem, content: str = "Renew the contract.") -> FollowUp:
    listed = [reviews.Action(content, cast.user("analyst"), clock.now().date() + 30 * DAY)]
    minutes = reviews.Minutes(course="Found.", conclusion="Passed.")
    return reviews.hold_review(problem, minutes=minutes, follow_ups=listed, by=cast.lead).follow_ups.get()


def test_a_delegate_who_confirms_a_month_is_named_with_the_owner(cast: Cast) -> None:
    _lend(cast, "owner", "other_owner")
    reports.confirm_month_end("2026-01", owner=cast.user("owner"), by=cast.other_owner)
    event = Event.objects.get(verb="month_end.confirmed")
    assert (event.actor_name, event.on_behalf_of_name) == ("other owner", "owner")


def test_a_leads_delegate_who_confirms_a_month_is_named_with_the_lead(cast: Cast) -> None:
    _lend(cast, "lead", "analyst")
    reports.confirm_month_end("2026-01", owner=cast.user("owner"), by=cast.analyst)
    assert Event.objects.get(verb="month_end.confirmed").on_behalf_of_name == "lead"


@pytest.mark.parametrize("who", ["lead", "owner", "auditor", "management"])
def test_only_an_administrator_names_the_organisation(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        procedure.set_site(name="Mine", zone="UTC", language="en", by=getattr(cast, who))
    site = procedure.set_site(name="Ours", zone="UTC", language="en", by=cast.administrator)
    assert site.name == "Ours"


def test_an_interim_measure_that_is_asked_for_again_is_due_again(cast: Cast) -> None:
    problem = cast.at("investigating")
    problems.link_incident(problem, linked=[cast.incident(is_major=True) for _n in range(4)], by=cast.owner)
    problems.take_interim_measure(problem, text="Restart it nightly.", by=cast.owner)
    points.open_again(problem, ["interim_measure"])
    again = problem.points.get(code="interim_measure", state=PointState.OPEN)
    assert again.due_at is not None
    assert again.due_at > clock.now()


def test_the_watch_does_not_reopen_the_effect_of_a_review_that_passed_meanwhile(cast: Cast) -> None:
    problem = cast.at("verifying")
    read_before = Problem.objects.get(pk=problem.pk)
    cast._to_resolved(problem, False)
    reviews.note_verdict(read_before, code="worse", text={}, by=SETUP)
    assert not problem.points.filter(code="effect", state=PointState.OPEN).exists()
    assert WatchVerdict.objects.get(problem=problem).code == "worse"


def test_the_watch_says_nothing_of_a_cycle_that_is_over(cast: Cast) -> None:
    problem = cast.at("verifying", level="low")
    read_before = Problem.objects.get(pk=problem.pk)
    reviews.hold_review(problem, minutes=reviews.Minutes(course="x", conclusion="y"), by=cast.lead)
    problem.refresh_from_db()
    reviews.fail_review(problem, reason="It came back.", to="solving", by=cast.lead)
    assert reviews.note_verdict(read_before, code="stopped", text={}, by=SETUP) is None
    assert not WatchVerdict.objects.exists()


@pytest.mark.fault
def test_two_workers_who_look_at_once_note_one_verdict(committed_cast: Cast) -> None:
    problem = committed_cast.at("verifying")
    for code in ("worse", "unchanged", "reduced", "stopped"):
        at_once(*(lambda: reviews.note_verdict(problem, code=code, text={}, by=SETUP) for _n in range(4)))  # noqa: B023
    assert list(WatchVerdict.objects.order_by("id").values_list("code", flat=True)) == [
        "worse", "unchanged", "reduced", "stopped",
    ]  # fmt: skip


def test_a_follow_up_that_was_written_anew_meanwhile_is_not_finished(cast: Cast) -> None:
    problem = cast.at("verifying")
    read_before = _follow_up(cast, problem)
    _follow_up(cast, problem, "Renew it for two years.")
    with pytest.raises(Conflict):
        reviews.finish_follow_up(read_before, result="Renewed.", by=cast.analyst)


def test_whoever_owned_a_follow_up_when_it_was_read_does_not_finish_it_for_the_new_owner(cast: Cast) -> None:
    read_before = FollowUp.objects.select_related("review__problem").get(pk=_follow_up(cast, cast.at("verifying")).pk)
    FollowUp.objects.update(owner=cast.user("other_owner"))
    with pytest.raises(NotAllowed):
        reviews.finish_follow_up(read_before, result="Renewed.", by=cast.analyst)


def test_a_recurrence_is_left_once(cast: Cast) -> None:
    problem, now = cast.at("resolved"), clock.now()
    watch = Watch.objects.create(
        problem=problem, cycle=problem.cycle, started_at=now, ends_at=now + DAY, looked_at=now, code="unchanged",
        recurrence={"why": "again", "seen": 3, "latest": None}, recurred_at=now,
    )  # fmt: skip
    read_before = Watch.objects.get(pk=watch.pk)
    trends.leave_closed(watch, reason="Another fault.", by=cast.lead)
    with pytest.raises(BadInput):
        trends.leave_closed(read_before, reason="Another fault.", by=cast.deputy)
    assert Event.objects.filter(verb="recurrence.dismissed").count() == 1


def test_a_delegation_ends_once(cast: Cast) -> None:
    _lend(cast, "owner", "other_owner")
    read_before = Delegation.objects.get()
    upkeep.end_delegation(Delegation.objects.get(), by=cast.owner)
    with pytest.raises(BadInput):
        upkeep.end_delegation(read_before, by=cast.owner)
    assert Event.objects.filter(verb="user.delegation_ended").count() == 1


def test_a_delegation_that_was_removed_before_it_began_is_not_ended_again(cast: Cast) -> None:
    today = clock.now().date()
    later = people.delegate(
        cast.user("owner"), to=cast.user("analyst"), starts=today + 3 * DAY, ends=today + 5 * DAY, by=cast.owner
    )
    read_before = Delegation.objects.get(pk=later.pk)
    upkeep.end_delegation(later, by=cast.owner)
    with pytest.raises(BadInput):
        upkeep.end_delegation(read_before, by=cast.owner)


def test_what_is_so_already_is_told_once(cast: Cast) -> None:
    token, _secret = people.add_token("crm", by=ADMIN)
    for _twice in range(2):
        people.revoke_token(token, by=cast.administrator)
        upkeep.reactivate(cast.user("owner"), by=cast.administrator)
    assert Event.objects.filter(verb="token.revoked").count() == 1
    assert Event.objects.filter(verb="user.reactivated").count() == 0


@pytest.mark.fault
def test_of_many_who_make_the_same_at_once_one_does_and_the_others_are_told(committed_cast: Cast) -> None:
    person = {"name": "New", "email": "new@example.com", "password": None, "roles": ["owner"], "by": ADMIN}
    refused = at_once(*(lambda: people.add_user("new", **person) for _n in range(6)))  # type: ignore[arg-type]
    assert (len(refused), User.objects.filter(username="new").count()) == (5, 1)
    refused = at_once(*(lambda: people.add_token("crm", by=ADMIN) for _n in range(6)))
    assert (len(refused), ApiToken.objects.filter(name="crm").count()) == (5, 1)
    before = ProcedureVersion.objects.count()
    refused = at_once(*(lambda: procedure.publish(default(), note="new", by=SETUP) for _n in range(6)))
    assert all(isinstance(one, Conflict) for one in refused)
    assert ProcedureVersion.objects.count() == before + 6 - len(refused)
    assert events.verify().first_broken is None


def test_a_change_number_that_was_imported_is_not_drawn_again(cast: Cast) -> None:
    problem = cast.submitted()
    Problem.objects.filter(pk=problem.pk).update(is_imported=True)
    other = cast.at("changing")
    first = other.changes.get().number
    following = f"{first[:-1]}{int(first[-1]) + 1}"
    row = ChangeData(source="desk", external_id=following, title="Old upgrade", problem_number=problem.number)
    assert receive_changes([row], source="desk", by=SETUP).created == 1
    raised = changes.raise_change(other, title="Another upgrade", by=cast.owner)
    assert Change.objects.filter(number=raised.number).count() == 1
    assert raised.number not in (first, following)


def test_an_import_by_a_delegate_names_both(cast: Cast, tmp_path: Path) -> None:
    _lend(cast, "lead", "analyst")
    file = tmp_path / "services.csv"
    file.write_text("name,customer\nprinting,hospital customer\n")
    intake.run(file, kind="services", by=cast.analyst)
    assert Event.objects.get(verb="import.done").on_behalf_of_name == "lead"
