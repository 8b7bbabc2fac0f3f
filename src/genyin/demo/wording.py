"""Filling templates as people and machines write: masks, openings, slips of the pen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from genyin.demo.families import Pairs
from genyin.demo.text import Language

Draw = np.random.Generator

T = TypeVar("T")

MASK = re.compile(r"\{(\w+)\}")

#: Words that sound alike or look alike and are often confused by people in a hurry.
SLIPS_ZH = (
    ("登录", "登陆"), ("账号", "帐号"), ("再次", "在次"), ("重启", "从启"), ("反映", "反应"), ("打不开", "打不来"),
    ("报错", "抱错"), ("掉线", "掉现"), ("网络", "网路"), ("电脑", "电恼"), ("已经", "以经"), ("提示", "题示"),
)  # fmt: skip

OPENINGS_ZH = ("", "", "", "", "", "", "", "急：", "麻烦看下，", "再次报修：", "【{dept}】", "{dept}：")
OPENINGS_EN = ("", "", "", "", "", "", "", "URGENT: ", "Pls help, ", "Again: ", "[{dept}] ", "{dept}: ")


@dataclass(frozen=True)
class Facts:
    """What is fixed for one incident and must agree between its title and its body."""

    ci: str
    time: str
    date: str
    minutes: int


def one_of(draw: Draw, options: Sequence[T]) -> T:
    return options[int(draw.integers(len(options)))]


def masks(facts: Facts, words: Pairs, *, language: Language, draw: Draw) -> dict[str, str]:
    """A value for every mask, drawn once for the incident, so that body and title name the same things."""
    side = 0 if language == "zh" else 1
    spoken = {name: one_of(draw, pairs)[side] for name, pairs in words.items()}
    numbers = draw.integers(0, 1 << 30, size=8)
    return spoken | {
        "ci": facts.ci,
        "time": facts.time,
        "date": facts.date,
        "min": str(facts.minutes),
        "n": str(2 + numbers[0] % 8),
        "n2": str(11 + numbers[1] % 80),
        "big": str(1000 + numbers[2] % 8600),
        "ext": str(6000 + numbers[3] % 2999),
        "ip": f"10.{numbers[4] % 60 + 10}.{numbers[5] % 250}.{numbers[6] % 250 + 2}",
        "order": f"{'ABDKMPSX'[numbers[0] % 8]}{numbers[7] % 90000000 + 10000000}",
        "amount": f"{(numbers[5] % 980000 + 20000) / 100:,.2f}",
    }


def fill(template: str, values: dict[str, str]) -> str:
    return MASK.sub(lambda mask: values[mask.group(1)], template)


def opened(title: str, *, language: Language, draw: Draw) -> str:
    """The title with the opening that some people put before it. Still a template."""
    opening = one_of(draw, OPENINGS_ZH if language == "zh" else OPENINGS_EN)
    if "{dept}" in opening and "{dept}" in title:
        return title
    return opening + title


def slip(text: str, *, language: Language, draw: Draw) -> str:
    """The text with one slip of the pen, if it holds a word that invites one."""
    return _slip_zh(text, draw) if language == "zh" else _slip_en(text, draw)


def _slip_zh(text: str, draw: Draw) -> str:
    inviting = [pair for pair in SLIPS_ZH if pair[0] in text]
    if not inviting:
        return text
    right, wrong = one_of(draw, inviting)
    return text.replace(right, wrong, 1)


def _slip_en(text: str, draw: Draw) -> str:
    """Two neighbouring letters change places inside a long word."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha() and word.islower()]
    if not long:
        return text
    at = one_of(draw, long)
    word, place = words[at], int(draw.integers(1, len(words[at]) - 2))
    words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)
