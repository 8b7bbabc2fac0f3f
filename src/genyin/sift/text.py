"""What a machine wrote inside a text, and which script a text is in.

One place masks machine text for grouping, for incremental assignment and for events, so that the
three can never disagree about which two texts are "the same".
"""

import re
from typing import Literal

Script = Literal["latin", "cjk", "mixed", "none"]

#: Kana, Han with extensions and compatibility forms, Hangul; the inside of a character class.
CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"

#: A run of it.
CJK_RUN = re.compile(f"[{CJK}]+")

_SPACES = re.compile(r"\s+")
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
#: Nothing below can match without one of these, and the look is ten times cheaper than the masks.
_WORTH_A_LOOK = re.compile(r"[0-9@]|://|\.[A-Za-z]")

_CODE_WORDS = (
    r"error|err|code|errno|status|http|https|exit|rc|sqlstate|event\ id|stop"
    r"|错误码|错误代码|错误|代码|状态码|返回码|报错|异常码|故障码"
)
_VENDORS = r"ORA|TNS|PLS|RMAN|IMP|EXP|SP2|CVE|CWE|MS|ERR|ERROR|EVENT|SQL|AMQ|JBAS|WFLY|HTTP"
_HOURS = r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\ ?[AaPp][Mm]\b)?(?:Z\b|[+-]\d{2}:?\d{2}\b)?"
_CLOCK = rf"(?:{_HOURS}|\d{{1,2}}[时点](?:\d{{1,2}}分)?)"
_WEEKDAYS = r"Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TOP_LEVEL = r"com|net|org|cn|io|local|lan|internal|intra|corp|gov|edu|example|invalid|test"

# Alternatives are tried from left to right: what must be kept, then the most specific first.
_MACHINE = re.compile(
    rf"""
      (?P<keep>
          <(?:id|url|mail|time|host|hex|num)>
        | (?<!\w)(?i:{_CODE_WORDS})(?:\ ?[:：=#]\ ?|\ )?[A-Z]{{0,3}}\d{{1,6}}(?![\w.:-])
        | \bHTTP/\d(?:\.\d)?\ \d{{3}}\b
        | \b(?:{_VENDORS})-?\d{{2,7}}(?:-\d{{3,7}})?\b
        | \bKB\d{{6,7}}\b
        | \b[A-Z]{{1,4}}\d{{3,5}}[A-Z]?\b(?![-.]\w)
        | \b0x[8cC]0[0-9a-fA-F]{{6}}\b
      )
    | (?P<url>\b(?i:[a-z][a-z0-9+]{{1,9}})://[^\s<>"'，。；）)\]]+)
    | (?P<mail>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<name>(?<![\w.-])(?i:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TOP_LEVEL})(?:\.[a-z]{{2}})?)\b(?::\d{{1,5}})?)
    | (?P<id>
          \b(?i:[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})\b
        | \b(?i:[0-9a-f]{{2}}(?:[:-][0-9a-f]{{2}}){{5}})\b
        | \b(?i:inc|prb|chg|req|ritm|sctask|task|rfc|pm|sd|im|wo|cs)[-_]?\d{{4,}}\b
        | \b[A-Za-z]+_-\d{{4,}}\b
        | \b(?=\w*\d\w*\d\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]\w{{9,}}\b
      )
    | (?P<time>
          \b\d{{4}}(?:[-/.]\d{{1,2}}){{2}}(?:(?:T(?=\d)|,?\ ){_HOURS})?
        | \b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}(?:,?\ {_HOURS})?
        | \b(?:(?:{_WEEKDAYS}),?\ )?(?:{_MONTHS})\ +\d{{1,2}}(?:,?\ {_HOURS})?(?:,?\ (?:19|20)\d{{2}}\b)?
        | \d{{2,4}}年\d{{1,2}}月(?:\d{{1,2}}[日号](?:\ ?{_CLOCK})?)?
        | \d{{1,2}}月\d{{1,2}}[日号](?:\ ?{_CLOCK})?
        | {_CLOCK}
      )
    | (?P<ip>
          \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:[:/]\d{{1,5}})?\b
        | \b(?i:(?:[0-9a-f]{{1,4}}:){{3,7}}:?[0-9a-f]{{1,4}})\b
      )
    | (?P<host>
          \b[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*[-_][A-Za-z]*\d+[A-Za-z]?\b
        | \b[A-Za-z]{{2,10}}0\d{{1,3}}\b
      )
    | (?P<hex>
          \b0[xX][0-9a-fA-F]+\b
        | \b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{{8,}}\b
      )
    | (?P<num>(?<![\w.])[-+]?\d+(?:[.,]\d+)*|(?<=[{CJK}_=:,(\[/#-])\d+(?:[.,]\d+)*)
    """,
    re.VERBOSE | re.ASCII,
)


#: One fault reports a machine now by its name and now by its address.
_SAME_AS = {"ip": "host", "name": "host"}


def _placeholder(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    return found.group() if kind == "keep" else f"<{_SAME_AS.get(kind, kind)}>"


def mask(text: str) -> str:
    """`text` with ids, addresses, hosts, times, hexadecimal and numbers replaced by their kind.

    Two texts of one fault differ in such things and in nothing else. Codes that name the fault are
    kept: ORA-00600, HTTP 500, E1234, 错误码 1045, 0x80070005. White space is folded to one space.
    Idempotent: mask(mask(text)) == mask(text), whatever the text.
    """
    text = _SPACES.sub(" ", text).strip()
    if not _WORTH_A_LOOK.search(text):
        return text
    # A placeholder changes the neighbourhood of what stands beside it. Each round that changes the
    # text removes a character that can match, so the loop ends; nearly always after the second.
    while (masked := _MACHINE.sub(_placeholder, text)) != text:
        text = masked
    return text


def is_cjk(token: str) -> bool:
    """Whether a token begins with Chinese, Japanese or Korean."""
    return not token.isascii() and _CJK_CHARACTER.match(token) is not None


def cjk_share(text: str) -> float:
    """Share of Chinese, Japanese and Korean in the text, 0 to 1; 0 for a text without letters.

    Two characters count as one word, so that a Latin word weighs what its translation weighs.
    """
    east = len(_CJK_CHARACTER.findall(text)) / 2
    west = len(_LATIN_WORD.findall(text))
    return east / (east + west) if east + west else 0.0


def script(text: str) -> Script:
    """The script a text is mainly in; mixed when the smaller part is a fifth or more."""
    if not (_CJK_CHARACTER.search(text) or _LATIN_WORD.search(text)):
        return "none"
    share = cjk_share(text)
    if share >= 0.8:
        return "cjk"
    return "mixed" if share > 0.2 else "latin"
