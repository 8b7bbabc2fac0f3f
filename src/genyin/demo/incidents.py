"""Twelve months of incidents of the demo, the same for the same seed and last day."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from genyin.demo import arrivals, staff, world
from genyin.demo.families import Family, OneOff, Pairs, families, one_off_words, one_offs, slots
from genyin.demo.text import Language, Text
from genyin.demo.wording import Draw, Facts, fill, masks, one_of, opened, slip
from genyin.incidents.data import Environment, Grade, IncidentData, ServiceImpact, State

SEED = 20260
ONE_OFFS = 1800
SLIPS = 0.04
ZONE = ZoneInfo(world.TIME_ZONE)

#: The two systems that send incidents: numbers start where a desk with some history would stand.
DESK, MONITOR = "servicedesk", "monitoring"
FIRST_NUMBER = {DESK: 112_400, MONITOR: 40_100}
NUMBER = {DESK: "SJ-{}", MONITOR: "ALM-{}"}

CATEGORIES = {
    "network": Text("网络", "Network"), "database": Text("数据库", "Database"),
    "application": Text("应用", "Application"), "interface": Text("接口", "Interface"),
    "printing": Text("打印", "Printing"), "hardware": Text("硬件", "Hardware"),
    "account": Text("账号权限", "Account"), "batch": Text("批处理", "Batch job"), "mail": Text("邮件", "Mail"),
    "storage": Text("存储", "Storage"), "backup": Text("备份", "Backup"), "server": Text("服务器", "Server"),
    "virtualisation": Text("虚拟化", "Virtualisation"), "facility": Text("机房环境", "Facility"),
    "remote": Text("远程接入", "Remote access"), "video": Text("视频会议", "Video meeting"),
    "app": Text("应用", "Application"), "device": Text("硬件", "Hardware"), "port": Text("网络", "Network"),
    "request": Text("服务请求", "Request"), "office": Text("办公软件", "Office software"),
}  # fmt: skip

HOURS_TO_RESOLVE = {Grade.CRITICAL: 0.7, Grade.HIGH: 1.6, Grade.MEDIUM: 9.0, Grade.LOW: 36.0}
CODES = {
    "machine": Text("自动恢复", "Recovered by itself"),
    "family": Text("临时恢复", "Restored, cause open"),
    "one-off": Text("已解决", "Solved"),
}
#: Title, description and reporter of what was never seen before, open since last night: the first of its kind (R38).
NEVER_SEEN = (
    "药房自动发药机把药盒倒进回收槽",
    "晚班起机械臂每隔几盒就把药推进回收槽，取药窗口改为手工发药。",
    "药剂科 药房窗口",
)
REPORTER_OF_ALARMS = Text("监控平台", "Monitoring")


@dataclass(frozen=True)
class Told:
    """An incident together with the family that the generator took it from; empty for a one-off."""

    data: IncidentData
    family: str


@dataclass(frozen=True)
class Draft:
    """An incident before it has a number."""

    family: str
    service: str
    ci: str
    category: str
    title: str
    body: str
    closing: str
    code: Text
    source: str
    reporter: str
    occurred: datetime
    opened: datetime
    priority: Grade
    outage: int | None = None
    major: bool = False


def year(*, today: date, language: Language = "zh", seed: int = SEED) -> list[Told]:
    """All incidents that were opened in the 365 days before `today` (which has none), oldest first."""
    drafts = [d for family in families() for d in _of_family(family, today, _generator(seed, family.key), language)]
    drafts += _singles(today, _generator(seed, "one-offs"), language)
    drafts.append(_never_seen(today))
    drafts.sort(key=lambda d: (d.opened, d.family, d.title))
    end = datetime.combine(today, time(), ZONE).astimezone(UTC)
    return list(_numbered([d for d in drafts if d.opened < end], end, _generator(seed, "numbers"), language))


def _generator(seed: int, name: str) -> Draw:
    """Each family draws for itself: a new family or another word changes none of the others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _of_family(family: Family, today: date, draw: Draw, site_language: Language) -> Iterator[Draft]:
    for index, number in enumerate(arrivals.counts(family, today, draw)):
        day = today - timedelta(days=arrivals.DAYS - index)
        burst: int | None = None
        for _ in range(int(number)):
            minute = arrivals.minute_of_day(family.hours, draw, around=burst)
            if family.burst > 1 or family.event is not None:
                burst = minute if burst is None else burst
            yield _drawn(family, _moment(day, minute, draw), draw, site_language)


def _moment(day: date, minute: int, draw: Draw) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60, int(draw.integers(60))), ZONE)
    return local.astimezone(UTC)


def _language(english: float, draw: Draw) -> Language:
    return "en" if draw.random() < english else "zh"


def _drawn(family: Family, occurred: datetime, draw: Draw, site_language: Language) -> Draft:
    """One incident of a family, told by a person or written by monitoring."""
    customer = world.customer_of(family.service)
    language = _language(family.english if family.english is not None else customer.english_share, draw)
    machine = bool(family.alerts) and draw.random() < family.machine
    minutes = int(draw.integers(family.outage[0], family.outage[1] + 1)) if family.outage else 0
    ci = one_of(draw, family.items) if family.items else ""
    local = occurred.astimezone(ZONE)
    facts = Facts(ci=ci, time=f"{local:%H:%M}", date=f"{local:%m-%d}", minutes=minutes or int(draw.integers(5, 40)))
    values = masks(facts, slots(customer.key) | family.slots, language=language, draw=draw)
    words = family.words(language)
    priority = _priority(family.priority, draw)
    if machine:
        title, reporter = fill(one_of(draw, family.alerts), values), REPORTER_OF_ALARMS.said_in(site_language)
        ci = next((item.code for item in world.ITEMS if item.code in title), ci)
        body = _alarm(title, ci, local, priority)
    else:
        title = fill(opened(one_of(draw, words.titles), language=language, draw=draw), values)
        body, reporter = fill(one_of(draw, words.bodies), values), f"{values['dept']} {values['caller']}"
        if draw.random() < SLIPS:
            title = slip(title, language=language, draw=draw)
    delay = timedelta(seconds=float(draw.uniform(40, 180) if machine else draw.exponential(900) + 120))
    return Draft(
        family=family.key, service=family.service, ci=ci if machine or draw.random() < 0.8 else "",
        category=family.category, title=title, body=body,
        closing=fill(one_of(draw, words.closings), values), code=CODES["machine" if machine else "family"],
        source=MONITOR if machine else DESK, reporter=reporter, occurred=occurred, opened=occurred + delay,
        priority=priority, outage=minutes or None, major=draw.random() < family.major,
    )  # fmt: skip


def _priority(weights: tuple[float, float, float], draw: Draw) -> Grade:
    return (Grade.HIGH, Grade.MEDIUM, Grade.LOW)[int(draw.choice(3, p=np.array(weights) / sum(weights)))]


def _alarm(title: str, ci: str, local: datetime, priority: Grade) -> str:
    severity = {Grade.HIGH: "HIGH", Grade.MEDIUM: "AVERAGE"}.get(priority, "WARNING")
    return f"[{severity}] {local:%Y-%m-%d %H:%M:%S} {ci}\n{title}"


def _singles(today: date, draw: Draw, site_language: Language) -> Iterator[Draft]:
    """What happens once, spread over the year as calls are."""
    pairs = one_offs()
    chosen = draw.permutation(len(pairs))[:ONE_OFFS]
    week = np.array(arrivals.WEEK["office"])
    days = [today - timedelta(days=ago) for ago in range(arrivals.DAYS, 0, -1)]
    weights = np.array([week[day.weekday()] for day in days])
    picks = draw.choice(len(days), size=len(chosen), p=weights / weights.sum())
    for pair, pick in zip(chosen, picks, strict=True):
        minute = arrivals.minute_of_day("office", draw)
        yield _single(pairs[int(pair)], _moment(days[int(pick)], minute, draw), draw)


def _single(happening: OneOff, occurred: datetime, draw: Draw) -> Draft:
    customer = world.customer_of(happening.service)
    language = _language(customer.english_share, draw)
    side = 0 if language == "zh" else 1
    local = occurred.astimezone(ZONE)
    facts = Facts(ci="", time=f"{local:%H:%M}", date=f"{local:%m-%d}", minutes=int(draw.integers(5, 40)))
    values = masks(facts, slots(customer.key), language=language, draw=draw) | {"thing": happening.thing[side]}
    words = one_off_words(happening.kind)
    title = _capital(fill(happening.fault[side], values))
    if draw.random() < 0.35:
        title = f"{title}（{values['dept']}）" if language == "zh" else f"{title} ({values['dept']})"
    if draw.random() < SLIPS:
        title = slip(title, language=language, draw=draw)
    return Draft(
        family="", service=happening.service, ci="", category=happening.kind, title=title,
        body=_two_sentences(words, side, values, draw),
        closing=_capital(fill(one_of(draw, words["done"])[side], values)),
        code=CODES["one-off"], source=DESK, reporter=f"{values['dept']} {values['caller']}", occurred=occurred,
        opened=occurred + timedelta(seconds=float(draw.exponential(1800) + 180)),
        priority=_priority((0.02, 0.28, 0.7), draw),
    )  # fmt: skip


def _never_seen(today: date) -> Draft:
    title, body, reporter = NEVER_SEEN
    occurred = datetime.combine(today - timedelta(days=1), time(23, 10), ZONE).astimezone(UTC)
    return Draft(
        family="", service="yl-desktop", ci="", category="device", title=title, body=body, closing="",
        code=CODES["one-off"], source=DESK, reporter=reporter, occurred=occurred,
        opened=occurred + timedelta(minutes=4), priority=Grade.MEDIUM,
    )  # fmt: skip


def _two_sentences(words: Pairs, side: int, values: dict[str, str], draw: Draw) -> str:
    first, then = (fill(one_of(draw, words[name])[side], values) for name in ("first", "then"))
    return first + then if side == 0 else f"{_capital(first)} {_capital(then)}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _numbered(drafts: list[Draft], end: datetime, draw: Draw, language: Language) -> Iterator[Told]:
    numbers = dict(FIRST_NUMBER)
    for draft in drafts:
        numbers[draft.source] += 1 + int(draw.random() < 0.5)
        yield Told(_data(draft, NUMBER[draft.source].format(numbers[draft.source]), end, draw, language), draft.family)


def _data(draft: Draft, number: str, end: datetime, draw: Draw, language: Language) -> IncidentData:
    """The incident as its system would send it at `end`: the latest are still open."""
    service = world.service(draft.service)
    priority = Grade.CRITICAL if draft.major else draft.priority
    hours = HOURS_TO_RESOLVE[priority] * float(draw.lognormal(0, 0.7)) * (0.4 if draft.source == MONITOR else 1)
    resolved = draft.opened + timedelta(hours=hours, minutes=draft.outage or 0)
    closed = resolved + timedelta(hours=float(draw.uniform(20, 110)))
    state = State.OPEN if resolved >= end else State.RESOLVED if closed >= end else State.CLOSED
    done = state is not State.OPEN
    return IncidentData(
        source=draft.source, external_id=number, title=draft.title, description=draft.body,
        customer=world.customer(service.customer).name.said_in(language),
        project=next(p for p in world.PROJECTS if p.key == service.project).name.said_in(language),
        service=service.name.said_in(language), ci=draft.ci or None,
        category=CATEGORIES[draft.category].said_in(language), environment=Environment.PRODUCTION,
        impact=_impact(draft),
        urgency=Grade.HIGH if priority in (Grade.CRITICAL, Grade.HIGH) else priority,
        priority=priority, major=draft.major, state=state, occurred_at=draft.occurred, opened_at=draft.opened,
        resolved_at=resolved if done else None, closed_at=closed if state is State.CLOSED else None,
        updated_at=min(closed, end), outage_minutes=draft.outage,
        service_impact=_service_impact(draft), assignment_group=_group(draft, service).said_in(language),
        reporter=draft.reporter, resolution=draft.closing if done else "",
        resolution_code=draft.code.said_in(language) if done else "",
    )  # fmt: skip


def _impact(draft: Draft) -> Grade:
    return Grade.HIGH if draft.outage or draft.priority is Grade.HIGH else draft.priority


def _service_impact(draft: Draft) -> ServiceImpact:
    if draft.outage:
        return ServiceImpact.DOWN
    return ServiceImpact.DEGRADED if draft.priority is Grade.HIGH else ServiceImpact.NONE


def _group(draft: Draft, service: world.Service) -> Text:
    key = "desk" if draft.category in ("account", "request") else service.team
    return next(team.name for team in staff.TEAMS if team.key == key)
