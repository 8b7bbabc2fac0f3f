"""The service report as PDF. Words reach the layout as JSON, never as markup."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from genyin.base.errors import NotAvailable, gettext_noop
from genyin.reports.documents.blocks import Report

TEMPLATE = Path(__file__).parent / "templates" / "service_report.typ"
# In order of preference; each holds Latin, Chinese and figures alike. The first that is installed is used.
CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Zen Hei")


@lru_cache(maxsize=1)
def installed_fonts() -> frozenset[str]:
    """The font families of this machine; read once, a scan takes a while."""
    return frozenset(typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families())


def font() -> str:
    """The Chinese font to set the report in. Raises NotAvailable with what to install."""
    for name in CJK_FONTS:
        if name in installed_fonts():
            return name
    raise NotAvailable(
        gettext_noop(
            "A PDF needs a Chinese font and this machine has none. Install one (Debian: apt install fonts-noto-cjk), "
            "or take the Word or Excel file, which work without."
        ),
        field="format",
    )


def produce(report: Report, *, at: datetime) -> bytes:
    """The PDF. `at` is the moment written into it, so that the same report gives the same bytes."""
    data = {
        **plain(report),
        "fonts": [font()],
        "lang": "zh" if report.language.startswith("zh") else "en",
        "region": "CN" if report.language.startswith("zh") else "GB",
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.compile(str(TEMPLATE), sys_inputs=inputs, format="pdf", timestamp=int(at.timestamp()))


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON knows it; of each cell only what is printed."""
    return {
        "title": report.title,
        "organisation": report.organisation,
        "subtitle": report.subtitle,
        "draft": report.draft,
        "page": report.page,
        "footer": report.footer,
        "meta": [list(pair) for pair in report.meta],
        "signoff": [list(pair) for pair in report.signoff],
        "sections": [
            {
                "title": section.title,
                "text": list(section.text),
                "tiles": [
                    {"name": t.name, "figure": t.figure, "formula": t.formula, "before": t.before, "unit": t.unit}
                    for t in section.tiles
                ],
                "chart": None
                if section.chart is None
                else {
                    "labels": list(section.chart.labels),
                    "series": [
                        {"name": s.name, "values": list(s.values), "line": s.line} for s in section.chart.series
                    ],
                },
                "tables": [
                    {
                        "title": t.title,
                        "note": t.note,
                        "small": t.small,
                        "columns": [{"head": c.head, "width": c.width, "number": c.number} for c in t.columns],
                        "rows": [{"strong": r.strong, "cells": [c.text for c in r.cells]} for r in t.rows],
                    }
                    for t in section.tables
                ],
            }
            for section in report.sections
        ],
    }
