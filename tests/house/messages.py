"""What people read, collected from Python and templates, and the Chinese catalogue that answers it.

`python -m tests.house.messages --write` adds what is new to the catalogue (translated text stays) and compiles it.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.house import repository

LOCALE = "zh_Hans"
PO = repository.PACKAGE / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
TEMPLATES = {".html", ".txt", ".typ"}
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-zA-Z]|(%[sdif])|\{(\w*)\}")

Key = tuple[str, str]  # context, English text (the singular)


def collect() -> Catalog:
    """Every text of the package that asks for a translation, with the files it stands in."""
    catalog = Catalog(locale=LOCALE)
    for path in sorted(repository.files()):
        if not path.is_relative_to(repository.PACKAGE):
            continue
        for text, context in _messages(path):
            catalog.add(text, context=context, locations=[(repository.place(path), 0)])
    return catalog


def translated() -> Catalog:
    """The Chinese catalogue; empty where there is none yet."""
    if not PO.exists():
        return Catalog(locale=LOCALE)
    with PO.open("rb") as file:
        return read_po(file, locale=LOCALE)


def missing() -> list[Key]:
    """Texts without a Chinese translation."""
    known = {key(message): message for message in translated() if message.id}
    return [
        key(wanted)
        for wanted in collect()
        if wanted.id and not (key(wanted) in known and is_complete(known[key(wanted)], wanted))
    ]


def is_complete(message: Message, wanted: Message) -> bool:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms) and not message.fuzzy and message.pluralizable == wanted.pluralizable


def disagreeing() -> list[str]:
    """Translations whose placeholders are not those of the English text: they would fail, or hide a value."""
    wrong = []
    for message in translated():
        if not message.id or not message.string:
            continue
        english = message.id[-1] if isinstance(message.id, list | tuple) else message.id
        forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
        wrong += [f"{english!r}: {form!r}" for form in forms if form and _placeholders(form) != _placeholders(english)]
    return wrong


def compiled() -> bytes:
    """The catalogue as the program loads it; the same text gives the same bytes."""
    packed = io.BytesIO()
    write_mo(packed, translated())
    return packed.getvalue()


def key(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return message.context or "", str(singular)


def write() -> None:
    catalog = translated()
    catalog.update(collect(), no_fuzzy_matching=True)
    PO.parent.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    # No dates, no line numbers: the file changes when a text does and at no other time.
    write_po(packed, catalog, sort_output=True, include_lineno=False, omit_header=True, width=110)
    PO.write_bytes(_header().encode() + packed.getvalue())
    MO.write_bytes(compiled())


def _header() -> str:
    return (
        'msgid ""\nmsgstr ""\n'
        # A fixed day: Babel would put the present minute into the compiled file, and no two would be alike.
        '"Project-Id-Version: Genyin\\n"\n"POT-Creation-Date: 2026-11-23 00:00+0000\\n"\n'
        '"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )


def _messages(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".py":
        source = path.read_bytes() + _within_fstrings(path.read_text())
    elif path.suffix in TEMPLATES and "templates" in path.parts:
        source = _as_python(templatize(path.read_text(), origin=str(path)))
    else:
        return
    for _line, text, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        yield text, context


def _within_fstrings(source: str) -> bytes:
    """The calls inside f-strings, a line each: before Python 3.12 they are one token, and Babel looks at tokens."""
    strings = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr))
    calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))
    return "".join(f"\n{ast.unparse(call)}" for call in calls).encode()


def _as_python(calls: str) -> bytes:
    """Django's own reading of a template is one call per text between blanks; indentation would not be Python."""
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def _placeholders(text: str) -> set[str]:
    return {next(filter(None, match.groups()), "") for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect what people read; say what has no Chinese yet.")
    parser.add_argument("--write", action="store_true", help="add new texts to the catalogue and compile it")
    if parser.parse_args().write:
        write()
    left = missing()
    for context, text in left:
        print(f"{context + ': ' if context else ''}{text}")
    print(f"{len(left)} of {len(collect())} texts have no Chinese translation.", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
