"""Everything a person reads exists in Chinese and in English, and both say the same values."""

import io

import pytest
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from tests.house import messages


def test_every_text_has_its_chinese() -> None:
    assert not messages.missing()


def test_translations_carry_the_same_placeholders() -> None:
    assert not messages.disagreeing()


def test_the_compiled_catalogue_is_what_the_text_compiles_to() -> None:
    assert messages.MO.read_bytes() == messages.compiled()


def test_no_translation_is_left_over() -> None:
    wanted = {messages.key(message) for message in messages.collect()}
    assert not [text for text in map(messages.key, messages.translated()) if text[1] and text not in wanted]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "<p>\n   {% translate 'Open' %}\n {% if x %}\n  {% translate \"Closed\" %}{% endif %}</p>",
            ["Open", "Closed"],
        ),
        ("{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}", ["two lines"]),
        (
            "{% blocktranslate count n=n %}one{% plural %}{{ n }} of them{% endblocktranslate %}",
            [("one", "%(n)s of them")],
        ),
        ("<a title=\"{{ _('Why') }}\">don't</a> {% include 'x' with label=_('Name') %}", ["Why", "Name"]),
    ],
)
def test_texts_of_templates_are_found(template: str, expected: list[object]) -> None:
    source = io.BytesIO(messages._as_python(templatize(template)))
    assert [found[1] for found in extract("python", source, keywords=messages.KEYWORDS)] == expected


def test_texts_within_fstrings_are_found() -> None:
    source = messages._within_fstrings("f\"{_('Report')}_{month} {ngettext('one', 'many', n)}\"")
    found = [text for _line, text, *_more in extract("python", io.BytesIO(source), keywords=messages.KEYWORDS)]
    assert found == ["Report", ("one", "many")]
