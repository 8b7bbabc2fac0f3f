"""The verbs of a problem. Callers say `problems.dispatch(problem, owner=user, by=actor)`.

Verbs that write into an area above live there and go through the same table: `changes.raise_change`,
`knowledge.publish_known_error`, `reviews.pass_review`, `reports.archive`.
"""

from genyin.problems.actions.analysis import (
    CauseFound,
    change_level,
    clear_major,
    edit,
    find_cause,
    note_reproduction,
    set_major,
    set_workaround,
    take_interim_measure,
)
from genyin.problems.actions.assign import accept, decline, dispatch, form_team, invite_representative, reassign
from genyin.problems.actions.closing import accept_risk, cancel, close, close_without_solution, mark_duplicate, reopen
from genyin.problems.actions.holds import (
    confirm_waiver,
    deny_hold,
    grant_hold,
    rebind,
    refuse_waiver,
    request_hold,
    request_waiver,
    resume,
)
from genyin.problems.actions.records import (
    add_evidence,
    add_task,
    assist_incident,
    attach,
    comment,
    finish_task,
    link_incident,
    unlink_incident,
)
from genyin.problems.actions.register import register, resubmit, send_back
from genyin.problems.actions.solution import (
    Evaluated,
    Tested,
    add_rollout,
    back_to_analysis,
    fix_in_place,
    plan_solution,
)

__all__ = [
    "CauseFound",
    "Evaluated",
    "Tested",
    "accept",
    "accept_risk",
    "add_evidence",
    "add_rollout",
    "add_task",
    "assist_incident",
    "attach",
    "back_to_analysis",
    "cancel",
    "change_level",
    "clear_major",
    "close",
    "close_without_solution",
    "comment",
    "confirm_waiver",
    "decline",
    "deny_hold",
    "dispatch",
    "edit",
    "find_cause",
    "finish_task",
    "fix_in_place",
    "form_team",
    "grant_hold",
    "invite_representative",
    "link_incident",
    "mark_duplicate",
    "note_reproduction",
    "plan_solution",
    "reassign",
    "rebind",
    "refuse_waiver",
    "register",
    "reopen",
    "request_hold",
    "request_waiver",
    "resubmit",
    "resume",
    "send_back",
    "set_major",
    "set_workaround",
    "take_interim_measure",
    "unlink_incident",
]
