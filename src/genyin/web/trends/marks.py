"""Words that members share, marked in a text."""

import re
from collections.abc import Iterable

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString


def marked(text: str, terms: Iterable[str]) -> SafeString:
    """The text, escaped, with every occurrence of a term inside <mark>; longer terms first."""
    wanted = sorted({term for term in terms if term.strip()}, key=lambda term: (-len(term), term))
    if not wanted:
        return escape(text)
    pattern = re.compile("(" + "|".join(re.escape(term) for term in wanted) + ")", re.IGNORECASE)
    # With one group in the pattern, every second part is a match.
    parts = pattern.split(text)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if n % 2 else part,) for n, part in enumerate(parts))
    )
