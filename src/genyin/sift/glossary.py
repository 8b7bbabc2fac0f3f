"""A small glossary of IT terms, so that Chinese finds English: 网络中断 is found by "network outage"."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from genyin.sift.text import CJK_RUN
from genyin.sift.tokens import surfaces


def translated(text: str) -> Iterator[tuple[str, str]]:
    """(English token, the term it stands for) of the terms in a text; where terms overlap the longest counts, from
    left to right."""
    known = glossary()
    longest = max(map(len, known))
    for run in CJK_RUN.findall(text):
        at = 0
        while at < len(run):
            term = next((run[at : at + n] for n in range(longest, 0, -1) if run[at : at + n] in known), "")
            yield from ((token, term) for token in known.get(term, ()))
            at += len(term) or 1


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """English tokens by Chinese term, as `glossary.tsv` beside this file lists them."""
    lines = resources.files("genyin.sift").joinpath("glossary.tsv").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            terms, _, english = line.partition("\t")
            tokens = tuple(dict.fromkeys(token for token, _ in surfaces(english)))
            found |= dict.fromkeys(terms.split(), tokens)
    return found
