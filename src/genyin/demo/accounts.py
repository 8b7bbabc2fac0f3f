"""The accounts of the demo: who to sign in as, and what to look at."""

from dataclasses import dataclass

from genyin.demo import staff
from genyin.demo.text import Language, Text

#: One password for everybody, printed at start. The demo holds invented data only.
PASSWORD = "genyin-demo"  # noqa: S105 - shared on purpose

LOOK_AT = {
    "lead": Text(
        "我的工作：派单、评审、豁免和挂起申请；上月服务报告",
        "My work: dispatching, reviews, a waiver and a hold to answer; last month's report",
    ),
    "lead2": Text(
        "第二位负责人：复核豁免，评审他人负责的问题", "The second lead: confirms waivers, reviews others' problems"
    ),
    "deputy": Text(
        "代理：本周代行负责人职责，日志写两个人的名字", "Delegate: acts for the lead this week, the log names both"
    ),
    "desk1": Text("一线：云岭一院的事件、已知错误和退回的问题单", "First line: Yunling's incidents and known errors"),
    "desk3": Text("一线：被退回、等待补充的光纤问题", "First line: the fibre problem that was sent back"),
    "network1": Text("核心交换机：等待评审的重大问题", "The core switch: a major problem waiting for its review"),
    "database1": Text("门诊收费锁表：已知错误、变通方法和方案", "Billing locks: known error, workaround, solution"),
    "virtual1": Text("一网通办：修复后复发、重新打开", "The portal: came back after its fix, reopened"),
    "network2": Text("待受理的 VPN 问题，改派来的手持终端问题", "VPN to accept, handhelds handed over"),
    "desktop1": Text("待归档的腕带问题，挂起的打印问题", "Wristbands to archive, printing on hold"),
    "rep-yunling": Text("客户代表：只看到本院受邀评审的公开内容", "Customer: only what is meant for them"),
    "group1": Text("IT 服务管理小组：报告与全部问题，只读", "Management group: reports and all problems"),
    "auditor": Text("审计员：控制点证据和事件日志，只读", "Auditor: evidence and event log, read only"),
    "admin": Text("系统管理员：人员、角色、令牌", "Administrator: people, roles, tokens"),
}


@dataclass(frozen=True)
class Account:
    """One line of the table that `genyin demo` prints."""

    username: str
    name: str
    role: str
    """Code of the first role."""
    look_at: str


def accounts(language: Language = "zh") -> tuple[Account, ...]:
    """The accounts worth signing in as; all share PASSWORD."""
    people = ((staff.person(username), text) for username, text in LOOK_AT.items())
    return tuple(
        Account(person.username, person.name.said_in(language), person.roles[0], text.said_in(language))
        for person, text in people
    )
