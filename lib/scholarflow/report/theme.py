"""Colours and type: the palette of Okabe & Ito (2008), safe for the colour-blind, on light and on dark ground.

Figures are drawn in the colours for light ground; on dark ground the page's style sheet puts the other for each.
"""

from typing import Any

#: Ground, text, what is less important, lines that guide, land; then eight series, on light ground and on dark.
_COLOURS = {
    "ground": ("#ffffff", "#14181f"),
    "text": ("#1d2430", "#e8ebf0"),
    "quiet": ("#5b6472", "#a3adbb"),
    "grid": ("#e4e7ec", "#2b323d"),
    "land": ("#e6e9ee", "#2a313c"),
    "shore": ("#c3c9d2", "#475161"),
    "series-1": ("#0072b2", "#4aa8e8"),
    "series-2": ("#d55e00", "#f28e4b"),
    "series-3": ("#009e73", "#2fc79a"),
    "series-4": ("#cc79a7", "#e0a0c8"),
    "series-5": ("#56b4e9", "#a5dcff"),
    "series-6": ("#b98200", "#e6b93d"),
    "series-7": ("#7a6a00", "#c9bd4e"),
    "series-8": ("#7b8190", "#98a1b0"),
}
LIGHT = {name: light for name, (light, _) in _COLOURS.items()}
DARK = {name: dark for name, (_, dark) in _COLOURS.items()}
#: Of series in their order; the last is for all that are not told apart.
SERIES = [light for name, light in LIGHT.items() if name.startswith("series")]
REST = SERIES[-1]
#: Of exported figures; the page has that of the reader's system.
PAPER_FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"
PAGE_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"


def config(font: str) -> dict[str, Any]:
    """The configuration of Vega and Vega-Lite."""
    text, quiet, shore = LIGHT["text"], LIGHT["quiet"], LIGHT["shore"]
    return {
        "background": None if font == PAGE_FONT else LIGHT["ground"],
        "font": font,
        "view": {"stroke": None},
        "range": {"category": SERIES},
        "axis": {
            "labelColor": quiet,
            "titleColor": quiet,
            "gridColor": LIGHT["grid"],
            "domainColor": shore,
            "tickColor": shore,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "labelLimit": 240,
        },
        "axisX": {"labelOverlap": "greedy"},
        "axisQuantitative": {"tickCount": 5},
        "legend": {
            "labelColor": text,
            "titleColor": quiet,
            "labelFontSize": 12,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "labelLimit": 320,
            "symbolStrokeWidth": 2,
        },
        "header": {"labelColor": text, "labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start"},
        "title": {"color": text, "fontSize": 12, "fontWeight": 600, "anchor": "start", "offset": 8, "frame": "group"},
    }
