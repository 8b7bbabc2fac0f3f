"""Incidents whose families are known, as many as wanted.

Vocabulary grows as n^0.6 (Heaps), services and configuration items as the square root of n. A family lives on one
service (8% of them on two) and one to three of its CIs; two in five of its words are at home in that service. Sizes
follow Zipf's law, cut at a hundredth of all. A family begins on some day of a year and goes on for weeks. 35% of the
records are alone, 31% of the faults are told by a machine, half in Chinese; people leave words out, add others, and
mistype 3% of them. 5% of the records carry no service, 2% the wrong one, and `dirty` of the CIs are wrong or missing,
one as often as the other.

Its bias: words are drawn, not written, and a category is never wrong. People vary their sentences in ways that no
drawing has. Read figures on it as a comparison between methods, not as what a service desk will see.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from genyin.sift.records import NO_SERVICE, Record

ALONE_SHARE = 0.35
MACHINE_SHARE = 0.31
CHINESE_SHARE = 0.5
ACROSS_SHARE = 0.08
NO_SERVICE_SHARE = 0.05
WRONG_SERVICE_SHARE = 0.02
TYPO_SHARE = 0.03
LEFT_OUT_SHARE = 0.25
OWN_WORDS_SHARE = 0.4  # of a fault's words, from the hundred words of its service
OWN_WORDS = 100
CIS_PER_SERVICE = 20
CATEGORIES = 30
YEAR = 365.0
SPAN_DAYS = 60.0  # mean time over which a family recurs

_SYLLABLES = "ba co di fu ga ho ji ka lo mi no pa re si tu va we xi yo za ter lin port net".split()  # noqa: SIM905
_HAN = "网络服务器数据库磁盘内存应用系统登录密码邮件打印备份链路交换防火墙证书接口超时失败异常告警中断延迟"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the records of one family are drawn from; `cis` belong to `services`, place by place."""

    words: tuple[str, ...]
    services: tuple[int, ...]
    cis: tuple[int, ...]
    category: int
    machine: bool
    chinese: bool
    begins: float
    span: float


@dataclass(frozen=True, slots=True)
class Generated:
    """records : in random order; family : (n,) the true family, -1 for one that is alone; machine : (n,) who told it"""

    records: list[Record]
    family: NDArray[np.int64]
    machine: NDArray[np.bool_]


def generate(n: int, *, seed: int, dirty: float = 0.0) -> Generated:
    """`n` records; the same seed gives the same ones."""
    world = World(n, seed=seed, dirty=dirty)
    made: list[tuple[Record, int, bool]] = []
    for family, size in enumerate(sizes(n, seed=seed)):
        fault = world.fault()
        made += [(world.record(fault), family if size > 1 else -1, fault.machine) for _ in range(size)]
    world.random.shuffle(made)
    records = [
        Record(ref, one.title, one.body, one.service, one.codes, one.day) for ref, (one, _, _) in enumerate(made)
    ]
    return Generated(records, np.array([f for _, f, _ in made]), np.array([machine for _, _, machine in made]))


def sizes(n: int, *, seed: int) -> list[int]:
    """Family sizes that add up to `n`; the first 35% of the records are alone."""
    rng = np.random.default_rng(seed)
    found = [1] * int(ALONE_SHARE * n)
    left = n - len(found)
    while left > 0:
        found.append(min(left, int(min(1 + rng.zipf(1.7), max(4, n // 100)))))
        left -= found[-1]
    return found


class World:
    """A vocabulary, services with their CIs, and what goes wrong there."""

    def __init__(self, n: int, *, seed: int, dirty: float = 0.0) -> None:
        self.random = random.Random(seed)
        self.dirty = dirty
        self.services = max(2, int(n**0.5 / 2))
        count = int(12 * n**0.6)
        latin = ["".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))) for _ in range(count)]
        han = ["".join(self.random.choices(_HAN, k=self.random.randint(2, 3))) for _ in range(count)]
        self._words = {False: latin, True: han}
        self._frequencies = list(accumulate(1 / rank for rank in range(1, count + 1)))
        self._own: dict[tuple[int, bool], list[str]] = {}

    def draw(self, count: int, *, chinese: bool) -> list[str]:
        """Words by Zipf's law: few are everywhere, most are rare."""
        return self.random.choices(self._words[chinese], cum_weights=self._frequencies, k=count)

    def jargon(self, service: int, *, chinese: bool) -> list[str]:
        """The words that are at home in a service."""
        if (service, chinese) not in self._own:
            self._own[service, chinese] = self.draw(OWN_WORDS, chinese=chinese)
        return self._own[service, chinese]

    def fault(self) -> Fault:
        draw = self.random
        chinese = draw.random() < CHINESE_SHARE
        services = [draw.randrange(self.services)]
        if draw.random() < ACROSS_SHARE:
            services.append(draw.randrange(self.services))
        homes = tuple(draw.choice(services) for _ in range(draw.randint(1, 3)))
        jargon = self.jargon(homes[0], chinese=chinese)
        own = [
            word if draw.random() >= OWN_WORDS_SHARE else draw.choice(jargon)
            for word in self.draw(draw.randint(4, 7), chinese=chinese)
        ]
        return Fault(
            words=tuple(own),
            services=homes,
            cis=tuple(CIS_PER_SERVICE * home + draw.randrange(CIS_PER_SERVICE) for home in homes),
            category=draw.randrange(CATEGORIES),
            machine=draw.random() < MACHINE_SHARE,
            chinese=chinese,
            begins=YEAR * draw.random(),
            span=draw.expovariate(1 / SPAN_DAYS),
        )

    def record(self, fault: Fault, ref: int = 0) -> Record:
        """One more record of this fault."""
        place = self.random.randrange(len(fault.cis))
        ci = fault.cis[place]
        day = min(fault.begins + fault.span * self.random.random(), YEAR)
        codes = (("category", f"category {fault.category}"), *self._told_ci(ci))
        return Record(ref, self._title(fault, ci), "", self._told_service(fault.services[place]), codes, day)

    def _told_service(self, service: int) -> int:
        chance = self.random.random()
        if chance < NO_SERVICE_SHARE:
            return NO_SERVICE
        if chance < NO_SERVICE_SHARE + WRONG_SERVICE_SHARE:
            return self.random.randrange(self.services)
        return service

    def _told_ci(self, ci: int) -> Sequence[tuple[str, str]]:
        if self.random.random() < self.dirty:
            if self.random.random() < 0.5:
                return ()
            ci = self.random.randrange(CIS_PER_SERVICE * self.services)
        return (("ci", f"ci-{ci}"),)

    def _title(self, fault: Fault, ci: int) -> str:
        draw, between = self.random, "" if fault.chinese else " "
        if fault.machine:
            clock = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}"
            return f"{clock} srv-{ci:04d} {between.join(fault.words)} {draw.randint(1, 99)}%"
        said = [word for word in fault.words if draw.random() >= LEFT_OUT_SHARE] or [fault.words[0]]
        said += self.draw(draw.randrange(4), chinese=fault.chinese)
        draw.shuffle(said)
        return between.join(map(self._mistyped, said))

    def _mistyped(self, word: str) -> str:
        if len(word) < 4 or self.random.random() >= TYPO_SHARE:
            return word
        at = self.random.randrange(len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
