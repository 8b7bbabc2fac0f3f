"""THE transition table. Pure: buttons, allowed verbs, the state diagram and the permission tests derive from it.

Stage (处理阶段) is what moves; the reported status (上报状态) is derived from it; the outcome (结束代码) is a code.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from genyin.base.errors import ControlPointOpen, NotAllowed, WrongStage, gettext_noop
from genyin.people.roles import Right
from genyin.problems.stages import LEFT_OUT, OPEN, OWNED, SUCCESS, WORKED, Flag, Outcome, Stage, Status, status_of

__all__ = [
    "LEFT_OUT",
    "OPEN",
    "OWNED",
    "SUCCESS",
    "WORKED",
    "Flag",
    "Outcome",
    "Stage",
    "Status",
    "check",
    "goal",
    "offers",
    "status_of",
]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    start   stages the verb starts from; empty for `register`
    to      stages it may lead to; empty leaves the stage as it is
    by      rights of which one is enough; not_by: whoever holds one of these as themselves is refused
    needs   control points that must be satisfied or waived first
    gives   control points that the verb itself satisfies with what it is given
    only_if / not_if   flags that must, or must not, be set
    """

    verb: str
    start: tuple[Stage, ...]
    to: tuple[Stage, ...] = ()
    by: frozenset[Right] = frozenset()
    not_by: frozenset[Right] = frozenset()
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    only_if: frozenset[Flag] = frozenset()
    not_if: frozenset[Flag] = frozenset()
    outcomes: tuple[Outcome, ...] = ()


def _row(
    verb: str,
    start: Iterable[Stage],
    to: Iterable[Stage] = (),
    *,
    by: str,
    not_by: str = "",
    needs: str = "",
    gives: str = "",
    only_if: str = "",
    not_if: str = "",
    outcomes: Iterable[Outcome] = (),
) -> Transition:
    return Transition(
        verb=verb,
        start=tuple(start),
        to=tuple(to),
        by=frozenset(map(Right, by.split())),
        not_by=frozenset(map(Right, not_by.split())),
        needs=tuple(needs.split()),
        gives=tuple(gives.split()),
        only_if=frozenset(map(Flag, only_if.split())),
        not_if=frozenset(map(Flag, not_if.split())),
        outcomes=tuple(outcomes),
    )


S = Stage
PLAN = "solution preventive_measure solution_test evaluation change_decision"
REGISTERED = "scope category level source reason service"
REVIEWED = "effect review record_complete follow_ups meeting"

TRANSITIONS: tuple[Transition, ...] = (
    _row("register", (), [S.SUBMITTED], by="support lead job integration", gives=REGISTERED),
    _row("send_back", [S.SUBMITTED], by="lead", not_if="sent_back"),
    _row("resubmit", [S.SUBMITTED], by="submitter first_line lead", only_if="sent_back"),
    _row("cancel", OPEN, [S.CLOSED], by="lead", outcomes=[Outcome.NOT_A_PROBLEM, Outcome.OUT_OF_SCOPE, Outcome.VOID]),
    _row("mark_duplicate", OPEN, [S.CLOSED], by="lead", outcomes=[Outcome.DUPLICATE]),
    _row("dispatch", [S.SUBMITTED], [S.ASSIGNED], by="lead", gives="owner", not_if="sent_back on_hold"),
    _row("reassign", OWNED, by="lead", gives="owner"),
    _row("accept", [S.ASSIGNED], [S.INVESTIGATING], by="owner", not_if="on_hold"),
    _row("accept", [*WORKED, S.RESOLVED], by="owner", only_if="reassigned"),
    _row("decline", [S.ASSIGNED], [S.SUBMITTED], by="owner"),
    _row("decline", [*WORKED, S.RESOLVED], by="owner", only_if="reassigned"),
    _row("edit", OPEN, by="owner team lead"),
    _row("comment", OPEN, by="owner team lead first_line submitter invited"),
    _row("attach", OPEN, by="owner team lead"),
    _row("link_incident", OPEN, by="owner team lead first_line"),
    _row("unlink_incident", OPEN, by="owner team lead first_line"),
    _row("form_team", OWNED, by="owner lead", gives="team"),
    _row("add_task", OPEN, by="owner team lead"),
    _row("finish_task", OPEN, by="owner team lead"),
    _row("note_reproduction", WORKED, by="owner team", gives="reproduction"),
    _row("add_evidence", OPEN, by="owner team"),
    _row("assist_incident", OPEN, by="owner team"),
    _row("change_level", OPEN, by="owner lead"),
    _row("set_major", OPEN, by="lead", not_if="major"),
    _row("clear_major", OPEN, by="lead", only_if="major"),
    _row("set_workaround", OPEN, by="owner"),
    _row("take_interim_measure", OPEN, by="owner", gives="interim_measure"),
    _row("publish_known_error", OPEN, by="owner", needs="root_cause"),
    _row("retire_known_error", Stage, by="owner lead"),
    _row(
        "find_cause",
        [S.INVESTIGATING],
        [S.SOLVING],
        by="owner",
        not_if="on_hold",
        needs="team reproduction interim_measure",
        gives="root_cause",
    ),
    _row("plan_solution", [S.SOLVING], by="owner", needs="interim_measure", gives=PLAN),
    _row("raise_change", [S.SOLVING], [S.CHANGING], by="owner", needs=PLAN, not_if="on_hold"),
    _row("raise_change", [S.CHANGING], by="owner", needs=PLAN),
    _row("record_change", [S.SOLVING, S.CHANGING], by="owner job"),
    _row("change_failed", [S.CHANGING], [S.SOLVING], by="owner job"),
    _row(
        "fix_in_place",
        [S.SOLVING, S.CHANGING],
        [S.VERIFYING],
        by="owner job",
        not_if="on_hold",
        needs=f"{PLAN} change_outcome",
        gives="rollout",
    ),
    _row("add_rollout", [S.VERIFYING, S.RESOLVED], by="owner"),
    _row("back_to_analysis", [S.SOLVING, S.CHANGING, S.VERIFYING], [S.INVESTIGATING], by="owner", not_if="on_hold"),
    _row("hold_review", [S.VERIFYING], by="lead owner"),
    _row("judge_effect", [S.VERIFYING], by="lead", not_by="owner", gives="effect"),
    _row("judge_effect", [S.VERIFYING], by="second", not_by="owner", only_if="owner_leads", gives="effect"),
    _row("invite_representative", OPEN, by="lead owner"),
    _row("pass_review", [S.VERIFYING], [S.RESOLVED], by="lead", not_by="owner", needs=REVIEWED, not_if="on_hold"),
    _row(
        "pass_review",
        [S.VERIFYING],
        [S.RESOLVED],
        by="second",
        not_by="owner",
        needs=REVIEWED,
        only_if="owner_leads",
        not_if="on_hold",
    ),
    _row("fail_review", [S.VERIFYING], [S.SOLVING, S.INVESTIGATING], by="lead", not_by="owner"),
    _row(
        "fail_review", [S.VERIFYING], [S.SOLVING, S.INVESTIGATING], by="second", not_by="owner", only_if="owner_leads"
    ),
    _row("archive", [S.RESOLVED], by="owner", needs="register_complete", gives="archived", not_if="archived"),
    _row(
        "close",
        [S.RESOLVED],
        [S.CLOSED],
        by="owner",
        needs="archived",
        not_if="on_hold",
        outcomes=[Outcome.FIXED, Outcome.WORKAROUND_ACCEPTED],
    ),
    _row("accept_risk", WORKED, [S.CLOSED], by="lead", outcomes=[Outcome.RISK_ACCEPTED]),
    _row(
        "close_without_solution", WORKED, [S.CLOSED], by="lead", outcomes=[Outcome.CAUSE_NOT_FOUND, Outcome.NO_SOLUTION]
    ),
    _row("request_hold", OPEN, by="owner", not_if="on_hold hold_asked"),
    _row("grant_hold", OPEN, by="lead", only_if="hold_asked"),
    _row("deny_hold", OPEN, by="lead", only_if="hold_asked"),
    _row("resume", OPEN, by="owner lead", only_if="on_hold"),
    _row("reopen", [S.RESOLVED, S.CLOSED], [S.INVESTIGATING, S.SUBMITTED], by="lead"),
    _row("request_waiver", OPEN, by="owner team lead"),
    _row("confirm_waiver", OPEN, by="lead second"),
    _row("refuse_waiver", OPEN, by="lead second"),
    _row("rebind", OPEN, by="lead"),
)

VERBS = tuple(dict.fromkeys(row.verb for row in TRANSITIONS))

#: Which verb a person uses to satisfy a point: the link beside every open control point. The table's first one counts.
SATISFIED_BY = {
    **{point: row.verb for row in reversed(TRANSITIONS) for point in row.gives},
    "change_outcome": "record_change",
    "review": "hold_review",
    "follow_ups": "hold_review",
    "meeting": "hold_review",
    "record_complete": "edit",
    "register_complete": "archive",
}


def check(
    verb: str,
    *,
    stage: Stage | None,
    rights: Collection[Right],
    own: Collection[Right] = (),
    flags: Collection[Flag] = (),
    open_points: Collection[str] = (),
    to: Stage | None = None,
) -> Transition:
    """The transition that `verb` makes from `stage`.

    `own` are the rights held by the person's own part, without delegation: `not_by` is judged by them.
    Raises NotAllowed when the actor lacks the right, WrongStage when the verb does not start here or a flag
    forbids it, and ControlPointOpen with every open point that the transition needs, never only the first.
    """
    rows = [row for row in TRANSITIONS if row.verb == verb]
    if not rows:
        raise NotAllowed(gettext_noop("There is no verb %(verb)s."), verb=verb)
    held = [row for row in rows if row.by & set(rights)]
    if not held:
        raise NotAllowed(gettext_noop("Your role and your part in this problem do not allow this."), verb=verb)
    here = [row for row in held if _starts(row, stage, flags)]
    if not here:
        raise _wrong_stage(held, verb, stage, flags)
    free = [row for row in here if not row.not_by & set(own)]
    if not free:
        raise NotAllowed(gettext_noop("The owner of the problem cannot do this; a second person must."), verb=verb)
    row = free[0]
    if to is not None and to not in row.to:
        raise WrongStage(gettext_noop("This step does not lead there."), field="to", verb=verb, to=to)
    if missing := missing_points(row, open_points):
        raise ControlPointOpen(verb, missing)
    return row


def missing_points(row: Transition, open_points: Collection[str]) -> tuple[str, ...]:
    """The points that still stand in the way of a transition, in the table's order."""
    return tuple(point for point in row.needs if point in open_points and point not in row.gives)


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb the actor may use now; with `missing` points it is shown as waiting for them."""

    verb: str
    missing: tuple[str, ...] = ()


def offers(
    *,
    stage: Stage,
    rights: Collection[Right],
    own: Collection[Right] = (),
    flags: Collection[Flag] = (),
    open_points: Collection[str] = (),
) -> tuple[Offer, ...]:
    """Every verb that the actor could use from here, in the table's order, with what each still waits for."""
    found: dict[str, Offer] = {}
    for row in TRANSITIONS:
        if row.start and _starts(row, stage, flags) and row.by & set(rights) and not row.not_by & set(own):
            found.setdefault(row.verb, Offer(row.verb, missing_points(row, open_points)))
    return tuple(found.values())


def goal(stage: Stage) -> tuple[str, tuple[str, ...]]:
    """The verb that leads on from a stage, and the points it needs: the heading of the open control points."""
    verb = FORWARD.get(stage, "")
    row = next((row for row in TRANSITIONS if row.verb == verb), None)
    return verb, (*row.needs, *row.gives) if row else ()


FORWARD = {
    Stage.SUBMITTED: "dispatch",
    Stage.ASSIGNED: "accept",
    Stage.INVESTIGATING: "find_cause",
    Stage.SOLVING: "fix_in_place",
    Stage.CHANGING: "fix_in_place",
    Stage.VERIFYING: "pass_review",
    Stage.RESOLVED: "close",
}


def _starts(row: Transition, stage: Stage | None, flags: Collection[Flag]) -> bool:
    at_stage = stage in row.start if stage is not None else not row.start
    return at_stage and row.only_if <= set(flags) and not row.not_if & set(flags)


def _wrong_stage(rows: Collection[Transition], verb: str, stage: Stage | None, flags: Collection[Flag]) -> WrongStage:
    at_stage = [row for row in rows if stage in row.start]
    if at_stage and any(Flag.ON_HOLD in row.not_if for row in at_stage) and Flag.ON_HOLD in flags:
        return WrongStage(gettext_noop("The problem is on hold. Resume it first."), verb=verb)
    if at_stage and any(Flag.SENT_BACK in row.not_if for row in at_stage) and Flag.SENT_BACK in flags:
        return WrongStage(gettext_noop("The problem was sent back. It must be resubmitted first."), verb=verb)
    if at_stage:
        return WrongStage(gettext_noop("There is nothing here that this step could act on."), verb=verb)
    return WrongStage(gettext_noop("This step does not start from the present stage."), verb=verb, stage=stage)
