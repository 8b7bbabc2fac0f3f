"""Lines as well-known kinds of programs log them, each with the statement that wrote it.

The statements (`machine_lines.txt`) were written for this measurement from general knowledge of how such programs log;
none was copied from a log. A slot in braces is drawn anew for each line; a statement's share of the lines falls with
its place as 1/place, the places drawn anew for each system and seed.

The bias: who wrote the masks wrote the statements too; a statement is one event, where people who label logs often
disagree; slots are drawn independently of one another from small vocabularies.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Draw = random.Random

NAMES = (
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj", "olivia",
    "peggy", "rupert", "sybil", "trent", "victor", "wendy", "admin", "backup", "postgres", "www-data", "nobody",
    "oracle", "jenkins", "deploy", "svc_batch", "zhang.wei", "li-na", "wangfang",
)  # fmt: skip
THINGS = (
    "alpha", "billing", "cart", "ledger", "mail", "orders", "payments", "portal", "reports", "search", "stock",
    "users", "cache", "queue", "audit", "invoice", "shipping", "catalog", "session", "inventory", "pricing",
    "gateway", "archive", "notify", "metrics",
)  # fmt: skip
TITLES = (
    "Acme", "Windows", "Remote", "Print", "Update", "Storage", "Client", "Audio", "Network", "Link", "Anna", "Peter",
    "Smith", "Zhang", "Health", "Manager", "Search", "Time",
)  # fmt: skip
PROSE = (
    "the", "peer", "did", "not", "answer", "your", "order", "has", "been", "shipped", "no", "proposal", "chosen",
    "invalid", "key", "reset", "expired",
)  # fmt: skip
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0 Safari/537.36",
    "curl/7.88.1",
    "Mozilla/5.0 (compatible; bot/2.1; +http://bot.example/bot.html)",
    "python-requests/2.28",
)
SPACED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Chrome",
    "/System/Library/CoreServices/Finder.app",
    "/Library/Application Support/Foo/bar.db",
    "/private/var/db",
)
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _size(draw: Draw) -> str:
    exponent = draw.randrange(4)
    number = draw.uniform(1, 999)
    return f"{number:.1f} {'KMG'[exponent - 1]}B" if exponent else f"{int(number)} B"


def _spent(draw: Draw) -> str:
    return draw.choice((f"{draw.randrange(1, 999)} ms", f"{draw.uniform(1, 60):.2f} s", f"{draw.randrange(1, 9)} min"))


def _path(draw: Draw) -> str:
    parts = draw.choices(THINGS, k=draw.randrange(1, 5))
    return "/" + "/".join(("var", *parts)) + draw.choice((".log", ".dat", "", f".{draw.randrange(9)}"))


def _host(draw: Draw) -> str:
    rack = f"R{draw.randrange(64):02d}-M{draw.randrange(2)}-N{draw.randrange(16)}"
    return draw.choice((f"web{draw.randrange(1, 40)}", f"db-{draw.randrange(9)}.corp.local", rack, draw.choice(THINGS)))


def _package(draw: Draw) -> str:
    return f"com.{draw.choice(('acme', 'example', 'contoso'))}.{draw.choice(THINGS)}"


def _tag(draw: Draw) -> str:
    return draw.choice(("null", "null", "app.tag", f"Tag{draw.randrange(99)}"))


def _hex(digits: int) -> Callable[[Draw], str]:
    return lambda draw: f"{draw.getrandbits(4 * digits):0{digits}x}"


def _number(below: int, form: str = "d", *, start: int = 0) -> Callable[[Draw], str]:
    return lambda draw: format(draw.randrange(start, below), form)


def _one_of(*values: str) -> Callable[[Draw], str]:
    return lambda draw: draw.choice(values)


def _some(values: Sequence[str], least: int, most: int, between: str = " ") -> Callable[[Draw], str]:
    return lambda draw: between.join(draw.choices(values, k=draw.randrange(least, most + 1)))


SLOTS: Mapping[str, Callable[[Draw], str]] = {
    "n": lambda draw: str(draw.randrange(10 ** draw.randrange(1, 7))),
    "neg": _number(10, start=-9),
    "small": _number(8),
    "month": _number(13, "02d", start=1),
    "port": _number(65536, start=1024),
    "f": lambda draw: f"{draw.uniform(0, 100):.{draw.randrange(1, 5)}f}",
    "ip": lambda draw: ".".join(str(draw.randrange(1, 255)) for _ in range(4)),
    "clock": lambda draw: f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}",
    "hex": lambda draw: "0x" + _hex(8)(draw),
    "shorthex": lambda draw: f"0x{draw.randrange(64):x}",
    "sha": _hex(40),
    "sha10": lambda draw: _hex(10)(draw).upper(),
    "obj": _hex(7),
    "uuid": lambda draw: "-".join(_hex(digits)(draw) for digits in (8, 4, 4, 4, 12)),
    "mac": lambda draw: ":".join(_hex(2)(draw) for _ in range(6)),
    "b64": _some(BASE64, 8, 20, ""),
    "user": _one_of(*NAMES),
    "thing": _one_of(*THINGS),
    "word": _one_of(
        "ready",
        "timeout",
        "stale",
        "retry",
        "idle",
        "full",
        "partial",
        "stable",
        "fresh",
        "expired",
        "lost",
        "blue",
        "green",
        "red",
    ),
    "state": _one_of("standby", "active", "charging", "full", "master", "backup", "init"),
    "errno": _one_of("ENOENT", "EACCES", "ETIMEDOUT", "ECONNREFUSED", "EPIPE"),
    "status": _one_of("200", "301", "404", "500", "503"),
    "bool": _one_of("true", "false"),
    "yesno": _one_of("Yes", "No"),
    "letter": _one_of(*"abcdefgh"),
    "axis": _one_of("x+", "x-", "y+", "y-", "z+", "z-"),
    "axes": _some(("X+", "X-", "Y+", "Y-", "Z+", "Z-", "B", "C"), 3, 8),
    "ids": lambda draw: ", ".join(f"node-{draw.randrange(64)}" for _ in range(draw.randrange(1, 7))),
    "brokers": _some("012345678", 1, 4, ","),
    "fullname": _some(TITLES, 1, 3),
    "sentence": _some(PROSE, 2, 5),
    "blank": lambda draw: draw.choice(("", draw.choice(NAMES))),
    "cls": lambda draw: draw.choice(THINGS).title() + draw.choice(THINGS).title(),
    "pkg": _package,
    "host": _host,
    "path": _path,
    "size": _size,
    "spent": _spent,
    "tagnull": _tag,
    "agent": _one_of(*AGENTS),
    "spacepath": _one_of(*SPACED),
    "zh": _one_of("订单库", "支付网关", "核心交换机", "门户", "报表服务", "邮件网关", "短信平台"),
    "zhperson": _one_of("张三", "李四", "王小明", "欧阳娜娜", "赵六", "陈晓", "刘德", "孙悟空"),
    "zhplace": _one_of("一号楼大厅", "南门", "研发中心三层", "机房入口", "食堂"),
}


def _statements() -> dict[str, list[str]]:
    systems: dict[str, list[str]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"\[([a-z ]+)\]", line)
        if heading:
            systems[heading[1]] = statements = []
        else:
            statements.append(line)
    return systems


STATEMENTS = _statements()


@dataclass(frozen=True, slots=True)
class Logged:
    """Lines of one system and, for each of them, the place of its statement."""

    lines: list[str]
    truth: list[int]


def logged(system: str, *, lines: int = 2_000, seed: int = 0) -> Logged:
    """`lines` lines of a system of STATEMENTS; another seed, other values and other shares."""
    draw = Draw(f"{system}/{seed}")
    statements = draw.sample(STATEMENTS[system], k=len(STATEMENTS[system]))
    shares = [1 / (place + 1) for place in range(len(statements))]
    truth = draw.choices(range(len(statements)), shares, k=lines)
    return Logged([statements[place].format_map(_Drawn(draw)) for place in truth], truth)


class _Drawn(dict[str, str]):
    """A value for each slot, drawn when it is asked for."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, slot: str) -> str:
        return SLOTS[slot](self._draw)
