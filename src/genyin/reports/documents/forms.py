"""Fills the Word templates of 《问题记录表》 and 《会议纪要》.

A template is the firm's to edit, so it is trusted with layout and with nothing else: it runs in a sandbox, and
what people typed is escaped, stripped of what XML forbids, and never read as a template.
"""

import dataclasses
import io
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from genyin.base.errors import BadInput, gettext_noop
from genyin.reports.documents.archive import settled
from genyin.reports.documents.text import printable

FOLDER = Path(__file__).parent / "templates"


def fill(form: str, content: Any, *, language: str, template: bytes | None = None) -> bytes:
    """The filled form: "record_form" from a RecordForm, "minutes" from a Minutes.

    `template` replaces the shipped one. Raises BadInput when it is no Word file or asks for a field we do not have.
    """
    document = DocxTemplate(io.BytesIO(template or shipped(form, language)))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    out = io.BytesIO()
    try:
        document.render(safe(dataclasses.asdict(content)), jinja_env=environment, autoescape=True)
        document.save(out)
    # A template whose XML is broken is a SyntaxError: that is what the parser raises.
    except (TemplateError, BadZipFile, SyntaxError, KeyError, ValueError) as wrong:
        message = gettext_noop("The Word template cannot be filled: %(what)s. Correct it or use the shipped one.")
        raise BadInput(message, field="template", what=str(wrong)) from wrong
    return settled(out.getvalue())


@lru_cache(maxsize=8)
def shipped(form: str, language: str) -> bytes:
    """The template that comes with the product."""
    return (FOLDER / f"{form}_{'zh' if language.startswith('zh') else 'en'}.docx").read_bytes()


def safe(value: Any) -> Any:
    """Every text in it, printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [safe(item) for item in value]
    return value
