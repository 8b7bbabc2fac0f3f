"""Reads a page as a browser's parser would, and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHAPES = {"path", "circle", "rect", "use"}
ELSEWHERE = re.compile(r"^(?:[a-z]+:)?//")


class Page(HTMLParser):
    """Collects what the tests ask about; `faults` names what is unclosed, doubled, inline or foreign."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.language = ""
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.stack]
        self.faults += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        self.faults += [f"control {name} has no label" for name in self.controls if name not in self.labels]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        self.ids.update([given["id"]] if "id" in given else [])
        self.faults += list(self._inline(tag, given))
        self.addresses += [given[name] for name in ("href", "src", "action", "hx-get", "hx-post") if name in given]
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "submit"}:
            self._control(given)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SHAPES:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.stack[-1] if self.stack else ''}>")
        elif self.stack:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())
            if self.stack and self.stack[-1] in {"script", "style"}:
                self.faults.append(f"inline <{self.stack[-1]}>")

    def _control(self, given: dict[str, str]) -> None:
        if "aria-label" not in given and "label" not in self.stack:
            self.controls.append(given.get("id", "?"))

    @staticmethod
    def _inline(tag: str, given: dict[str, str]) -> Iterator[str]:
        if "style" in given or tag == "style":
            yield f"inline style on <{tag}>"
        for name in given:
            if name.startswith(("on", "hx-on")):
                yield f"inline script {name} on <{tag}>"
        yield from (f"{value} leaves the site" for value in given.values() if ELSEWHERE.match(value))
