"""No template shows a word that no translator ever saw, runs a script of its own, or fetches from elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import repository

SPOKEN = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
SAME_IN_EVERY_LANGUAGE = re.compile(
    r"\b(?:Genyin|CSV|TSV|XLSX|JSON|JSONL|PDF|DOCX|TOML|API|ID|UTC)\b|根因|中文|English|&\w+;"
)
HEARD_ATTRIBUTES = re.compile(r"\s(?:title|placeholder|aria-label|alt|data-confirm)\s*=\s*(\"[^\"]*\"|'[^']*')")
BLANKED = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\{#.*?#\}",
        r"\{%\s*comment\b.*?endcomment\s*%\}",
        r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}",
        r"\{%\s*block\s+\w*class\s*%\}[^{]*\{%\s*endblock\s*%\}",  # names of CSS classes
        r"<kbd>[^<]*</kbd>",  # keys are called what stands on them
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
        r"<!--.*?-->",
        r"<(script|style)\b.*?</\1>",
    )
]
TAG = re.compile(r"<[^>]*>", re.DOTALL)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=\s*[\"']|javascript:"
)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=\s*[\"']")
ELSEWHERE = re.compile(
    r"(?:src|action|hx-(?:get|post)|data-url)\s*=\s*[\"'](?:https?:)?//|<link[^>]+href=[\"'](?:https?:)?//"
)


def templates() -> Iterator[Path]:
    return (path for path in repository.files() if path.suffix == ".html" and "templates" in path.parts)


def test_every_word_on_a_page_can_be_translated() -> None:
    assert not [said for path in templates() for said in untranslated(path)]


@pytest.mark.parametrize("pattern", [INLINE_SCRIPT, INLINE_STYLE, ELSEWHERE], ids=["script", "style", "elsewhere"])
def test_pages_keep_to_the_content_security_policy(pattern: re.Pattern[str]) -> None:
    assert not [
        f"{repository.place(path, line)}: {text.strip()}"
        for path in templates()
        if "emails" not in path.parts
        for line, text in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(text)
    ]


def untranslated(path: Path) -> Iterator[str]:
    return (f"{repository.place(path, line)}: {word}" for line, word in bare_words(path.read_text()))


def bare_words(text: str) -> Iterator[tuple[int, str]]:
    """Words of a template outside every tag of Django's and HTML's, and in the attributes that are read aloud."""
    for pattern in BLANKED:
        text = pattern.sub(_blank, text)
    heard = re.sub(r"\S", " ", text)
    for match in HEARD_ATTRIBUTES.finditer(text):
        start, end = match.span(1)
        heard = heard[:start] + match.group(1) + heard[end:]
    for layer in (TAG.sub(_blank, text), heard):
        for number, line in enumerate(SAME_IN_EVERY_LANGUAGE.sub(_blank, layer).splitlines(), 1):
            if found := SPOKEN.search(line):
                yield number, line[found.start() :].strip()


def _blank(match: re.Match[str]) -> str:
    """Spaces of the same shape, so that line numbers stay true."""
    return re.sub(r"\S", " ", match.group())


def test_bare_words_are_found() -> None:
    page = """<h1 title="Why">{% translate "Open" %} {{ name }}</h1>
    {# a note #} <p class="big">Hello</p><script src="x.js">var y</script>
    {% blocktranslate %}all <b>well</b>{% endblocktranslate %} 中文 &nbsp; {% if a > b %}关闭{% endif %}
    {% block body_class %}wide{% endblock %} <kbd>Enter</kbd>"""
    assert list(bare_words(page)) == [(2, "Hello"), (3, "关闭"), (1, 'Why"')]
