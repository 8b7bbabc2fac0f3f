"""The verbs of the stories: each word of a story is one call of the product's own actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.changes import actions as changes
from genyin.changes.models import ChangeState
from genyin.demo import stories
from genyin.demo.families import families
from genyin.demo.scene import Scene
from genyin.demo.text import Text
from genyin.knowledge import actions as knowledge
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems import actions as problems
from genyin.problems import points
from genyin.problems.models import Problem
from genyin.reports import actions as reports
from genyin.reviews import actions as reviews
from genyin.trends import watch

INTERIM = Text(
    "按变通方法先恢复业务，一线重点关注，影响扩大立即升级。",
    "Restored by the workaround first; first line keeps an eye on it and escalates at once.",
)
#: Every seventh trial of a known error failed, the others worked.
ONE_IN = 7


@dataclass(frozen=True)
class Line:
    """One spoken line of a story: the scene, the problem as it stands, who acts, and the arguments in one language."""

    scene: Scene
    problem: Problem
    family: str
    by: Actor
    said: Mapping[str, Any]

    def day(self, name: str) -> date:
        return stories.day(self.said[name], self.scene.today)


def restore_first(line: Line) -> None:
    """Take the interim measure where the procedure has come to ask for one (R49) and the story has none."""
    if "interim_measure" in points.open_codes(line.problem):
        owner = line.scene.actors[line.problem.owner.username] if line.problem.owner else line.by
        problems.take_interim_measure(line.problem, text=INTERIM.said_in(line.scene.language), by=owner)


def _dispatch(line: Line) -> None:
    owner = line.scene.users[line.said["owner"]]
    problems.dispatch(line.problem, owner=owner, note=line.said.get("note", ""), by=line.by)


def _reassign(line: Line) -> None:
    problems.reassign(line.problem, owner=line.scene.users[line.said["owner"]], reason=line.said["reason"], by=line.by)


def _form_team(line: Line) -> None:
    problems.form_team(line.problem, members=[line.scene.users[name] for name in line.said["members"]], by=line.by)


def _invite(line: Line) -> None:
    problems.invite_representative(line.problem, user=line.scene.users[line.said["user"]], by=line.by)


def _comment(line: Line) -> None:
    visibility = "customer" if line.said.get("visible") else "internal"
    problems.comment(line.problem, text=line.said["text"], visibility=visibility, by=line.by)


def _add_task(line: Line) -> None:
    owner = line.scene.users[line.said["owner"]]
    problems.add_task(line.problem, title=line.said["title"], owner=owner, due=line.day("due"), by=line.by)


def _set_major(line: Line) -> None:
    if not line.problem.is_major:  # a major incident among the linked ones has made it so already
        problems.set_major(line.problem, reason=line.said["reason"], by=line.by)


def _find_cause(line: Line) -> None:
    restore_first(line)
    cause = problems.CauseFound(line.said["code"], line.said["text"], line.said["established"])
    problems.find_cause(line.problem, causes=[cause], by=line.by)


def _plan_solution(line: Line) -> None:
    restore_first(line)
    said = line.said
    problems.plan_solution(
        line.problem,
        solution=said["solution"],
        preventive_measure=said["preventive_measure"],
        tested=problems.Tested(said.get("where", ""), said.get("result", ""), said.get("tester", "")),
        evaluated=problems.Evaluated(said["effect"], said["cost"], said["risk"], said["back_out"]),
        change_needed=said["change_needed"],
        change_reason=said["change_reason"],
        by=line.by,
    )


def _raise_change(line: Line) -> None:
    changes.raise_change(line.problem, title=line.said["title"], planned_at=_planned(line), by=line.by)


def _planned(line: Line) -> datetime:
    planned = str(line.said["planned"])
    if planned.startswith("+"):
        return datetime.combine(stories.day(planned, line.scene.today), time(2), stories.ZONE)
    return stories.moment(planned, line.scene.today)


def _change_done(line: Line) -> None:
    change = line.problem.changes.get(state=ChangeState.PLANNED)
    if line.said["result"] == "success":
        changes.record_success(change, result=line.said["note"], by=line.by)
    else:
        changes.change_failed(change, outcome=line.said["result"], reason=line.said["note"], by=line.by)


def _fix_in_place(line: Line) -> None:
    problems.fix_in_place(line.problem, kind=line.said["kind"], site=line.said.get("site", ""), by=line.by)


def _publish(line: Line) -> None:
    knowledge.publish_known_error(line.problem, title=line.said["title"], symptom=line.said["symptoms"], by=line.by)


def _known(line: Line) -> KnownError | None:
    return line.problem.known_errors.filter(state=KnownErrorState.ACTIVE).first()


def _retire(line: Line) -> None:
    known = line.problem.known_errors.get(state=KnownErrorState.ACTIVE)
    knowledge.retire_known_error(known, reason=line.said["reason"], fixed=True, by=line.by)


def _look(line: Line) -> None:
    """A look of the daily watch, whoever's line it is."""
    watch.look(line.problem)


def _has_stopped(key: str) -> bool:
    """Whether the generator ends the family at the fix: the year's early looks have only the linked incidents to go by,
    which tell the truth for these families alone."""
    return any(family.key == key and (family.stops is not None or family.gap is not None) for family in families())


def _hold_review(line: Line) -> None:
    said, scene = line.said, line.scene
    outside = [name for name in said["attendees"] if name.startswith("rep-")]
    minutes = reviews.Minutes(
        held_at=clock.now() - timedelta(hours=1) if said.get("meeting", True) else None,
        place=said["place"],
        chair=line.by.name,
        recorder=scene.users[said["secretary"]].name,
        attendees=scene.names(said["attendees"]),
        representatives=scene.names(outside),
        course=said["course"],
        cause_confirmed=said["cause_confirmed"],
        went_well=said["good"],
        to_improve=said["improve"],
        prevention=line.problem.preventive_measure,
        conclusion=said["conclusion"],
        customer_text=said["effect"] if outside else "",
    )
    follow_ups = [
        reviews.Action(row["text"], scene.users[row["owner"]], stories.day(row["due"], scene.today))
        for row in said["follow_ups"]
    ]
    reviews.hold_review(line.problem, minutes=minutes, follow_ups=follow_ups, by=line.by)


def _judge_effect(line: Line) -> None:
    if _has_stopped(line.family):
        watch.look(line.problem)
    reviews.judge_effect(line.problem, effect=line.said["verdict"], evidence=line.said["text"], by=line.by)


def _close(line: Line) -> None:
    problems.close(line.problem, outcome=line.said.get("outcome", ""), note=line.said.get("note", ""), by=line.by)


def _mark_duplicate(line: Line) -> None:
    original = line.scene.problem(line.said["original"])
    problems.mark_duplicate(line.problem, original=original, reason=line.said["reason"], by=line.by)


def _accept_risk(line: Line) -> None:
    problems.accept_risk(line.problem, reason=line.said["reason"], until=line.day("until"), by=line.by)


def _close_without_solution(line: Line) -> None:
    problems.close_without_solution(
        line.problem,
        outcome=line.said["outcome"],
        tried=line.said["tried"],
        look_again_at=line.day("look_again"),
        by=line.by,
    )


def _request_hold(line: Line) -> None:
    problems.request_hold(line.problem, reason=line.said["reason"], until=line.day("until"), by=line.by)


def _link(line: Line) -> None:
    linked = list(line.problem.links.values_list("incident__external_id", flat=True))
    fresh = line.scene.arrivals.newest(line.family, line.said["number"], without=linked)
    problems.link_incident(line.problem, linked=fresh, by=line.by)


def _try(line: Line) -> None:
    """First line says whether the known error helped with what has come in."""
    known = _known(line)
    if known is None:
        return
    tried = list(known.trials.values_list("incident__external_id", flat=True))
    for number, incident in enumerate(line.scene.arrivals.newest(line.family, line.said["number"], without=tried)):
        result = "failed" if (len(tried) + number) % ONE_IN == ONE_IN - 1 else "worked"
        knowledge.say_result(known, incident=incident, result=result, by=line.by)


def _plainly(verb: Callable[..., object]) -> Callable[[Line], None]:
    """A verb whose arguments in the story are those of the action."""

    def say(line: Line) -> None:
        verb(line.problem, **line.said, by=line.by)

    return say


VERBS: dict[str, Callable[[Line], None]] = {
    "dispatch": _dispatch,
    "accept": _plainly(problems.accept),
    "decline": _plainly(problems.decline),
    "reassign": _reassign,
    "form_team": _form_team,
    "invite_representative": _invite,
    "comment": _comment,
    "add_evidence": _plainly(problems.add_evidence),
    "add_task": _add_task,
    "note_reproduction": _plainly(problems.note_reproduction),
    "set_major": _set_major,
    "take_interim_measure": _plainly(problems.take_interim_measure),
    "set_workaround": _plainly(problems.set_workaround),
    "find_cause": _find_cause,
    "publish_known_error": _publish,
    "retire_known_error": _retire,
    "plan_solution": _plan_solution,
    "raise_change": _raise_change,
    "change_done": _change_done,
    "fix_in_place": _fix_in_place,
    "hold_review": _hold_review,
    "judge_effect": _judge_effect,
    "pass_review": _plainly(reviews.pass_review),
    "fail_review": _plainly(reviews.fail_review),
    "archive": _plainly(reports.archive),
    "close": _close,
    "reopen": _plainly(problems.reopen),
    "send_back": _plainly(problems.send_back),
    "cancel": _plainly(problems.cancel),
    "mark_duplicate": _mark_duplicate,
    "accept_risk": _accept_risk,
    "close_without_solution": _close_without_solution,
    "request_hold": _request_hold,
    "grant_hold": _plainly(problems.grant_hold),
    "request_waiver": _plainly(problems.request_waiver),
    "confirm_waiver": _plainly(problems.confirm_waiver),
    "look": _look,
    "link": _link,
    "try": _try,
}
