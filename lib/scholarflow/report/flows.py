"""Who goes where: flows of scientists between countries, what each wins and loses, where movers come from."""

from collections import Counter
from collections.abc import Sequence

import altair as alt

from scholarflow.report import drawing
from scholarflow.report.caveats import AT_PUBLICATION, counted, lead_country_known, partial_years
from scholarflow.report.chord import chord_diagram
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.geography import centroids, curve, shapes
from scholarflow.report.reading import Direction, Results, Row, Study, country, the
from scholarflow.report.theme import LIGHT, SERIES

_AROUND, _ON_MAP, _BALANCED, _ORIGINS, _ORIGINS_BY_YEAR = 9, 60, 12, 12, 5
_NO_MOVES = "No scientist of the study moved between two countries in the period."
_SHOWN = (
    "origin_country_name",
    "destination_country_name",
    "move_year",
    "n_entries",
    "n_moves",
    "n_scientists",
    "rate",
)
_ENTRIES = "first entries: a scientist publishes in the field from a country for the first time"


def chord(results: Results, study: Study) -> Figure:
    """Flows among the countries with most of them."""
    flows = entries(results)
    chosen = _busiest(flows, study)
    rows = _rows_of(results, {way for way in flows if set(way) <= set(chosen)})
    # Those of the pairs come first in the palette, as in every other figure.
    named = list(dict.fromkeys([*study.countries, *chosen]))
    colours = {code: SERIES[min(named.index(code), len(SERIES) - 1)] for code in chosen}
    return Figure(
        name="flows",
        title="Between which countries do scientists move?",
        table="migration_flows",
        caption=f"Moves of {study.period} among the {len(chosen)} countries with most of them ({_ENTRIES}). A ribbon "
        "has the colour of the country it leaves, and ends short of the rim of the one it enters.",
        shown=_SHOWN,
        rows=rows,
        spec=chord_diagram(flows, {code: country(code) for code in chosen}, colours) if rows else None,
        missing="" if rows else results.why_none("migration_flows", _NO_MOVES),
        notes=[AT_PUBLICATION, *lead_country_known(results, study.countries)] if rows else [],
    )


def world_map(results: Results, study: Study) -> Figure:
    """The largest flows as arcs on a map."""
    flows = entries(results)
    placed = {way: n for way, n in flows.items() if n and set(way) <= centroids().keys()}
    largest = sorted(placed, key=lambda way: (-placed[way], way))[:_ON_MAP]
    rows = _rows_of(results, set(largest))
    nowhere = sum(n for way, n in flows.items() if way not in placed)
    return Figure(
        name="map",
        title="Where on the map?",
        table="migration_flows",
        caption=f"The {len(largest)} largest flows of {study.period} ({_ENTRIES}): the wider the line the more of "
        f"them, up to {placed[largest[0]] if largest else 0:,}; each bows to the right of its way and ends in a dot.",
        shown=_SHOWN,
        rows=rows,
        spec=_map({way: placed[way] for way in largest}, study) if rows else None,
        missing="" if rows else results.why_none("migration_flows", _NO_MOVES),
        notes=[f"{counted(nowhere, 'move')} from or to where the map has no place."] if rows and nowhere else [],
    )


def balance(results: Results, study: Study) -> Figure:
    """What each country wins and loses."""
    totals: dict[str, Counter[str]] = {}
    for row in results["country_balance"]:
        totals.setdefault(row["country_code"], Counter()).update({"in": row["n_in"], "out": row["n_out"]})
    busiest = sorted(totals, key=lambda code: (-totals[code].total(), code))
    chosen = [code for code in dict.fromkeys([*study.countries, *busiest]) if code in totals][:_BALANCED]
    chosen.sort(key=lambda code: (totals[code]["out"] - totals[code]["in"], code))
    return Figure(
        name="balance",
        title="Which countries win scientists, which lose them?",
        table="country_balance",
        caption=f"All moves of {study.period}, returns included, into (right) and out of (left) each of the "
        f"{len(chosen)} countries with most of them; the diamond is what remains.",
        shown=("country_name", "move_year", "n_in", "n_out", "net", "rate_net"),
        rows=[row for row in results["country_balance"] if row["country_code"] in chosen],
        spec=_balance({country(code): totals[code] for code in chosen}) if chosen else None,
        missing="" if chosen else results.why_none("country_balance", _NO_MOVES),
        notes=[AT_PUBLICATION] if chosen else [],
    )


def origins(results: Results, study: Study) -> Figure:
    """Where those come from who enter the countries of the pairs."""
    flows = entries(results)
    chosen = _origins_of(flows, study, _ORIGINS)
    ways = {(there, here) for here, theres in chosen.items() for there in theres}
    rows = _rows_of(results, ways)
    return Figure(
        name="origins",
        title=f"Where do those come from who move to {_listed(study.countries)}?",
        table="migration_flows",
        caption=f"Moves of {study.period} by country of origin ({_ENTRIES}), the {_ORIGINS} largest of each.",
        shown=_SHOWN,
        rows=rows,
        spec=_origins({here: {way: flows[way] for way in flows if way[1] == here} for here in chosen}, chosen, study)
        if rows
        else None,
        missing="" if rows else results.why_none("migration_flows", _none_to(study)),
        notes=[AT_PUBLICATION, *lead_country_known(results, study.countries)] if rows else [],
    )


def origins_by_year(results: Results, study: Study) -> Figure:
    """The same year by year, of the largest."""
    flows = entries(results)
    chosen = _origins_of(flows, study, _ORIGINS_BY_YEAR)
    rows = _rows_of(results, {(there, here) for here, theres in chosen.items() for there in theres})
    return Figure(
        name="origins-by-year",
        title="And year by year?",
        table="migration_flows",
        caption=f"The same, of the {_ORIGINS_BY_YEAR} largest origins of each country. A year without a move is zero.",
        shown=_SHOWN,
        rows=rows,
        spec=_origins_by_year(rows, chosen, study) if rows else None,
        missing="" if rows else results.why_none("migration_flows", _none_to(study)),
        notes=partial_years((row["move_year"] for row in rows), study.last_full_year),
    )


def entries(results: Results) -> Counter[Direction]:
    """First entries over the period, by direction."""
    found: Counter[Direction] = Counter()
    for row in results["migration_flows"]:
        found[row["origin_country"], row["destination_country"]] += row["n_entries"]
    return found


def _busiest(flows: Counter[Direction], study: Study) -> list[str]:
    of_country: Counter[str] = Counter()
    for way, n in flows.items():
        of_country.update(dict.fromkeys(way, n))
    ranked = sorted((code for code in of_country if of_country[code]), key=lambda code: (-of_country[code], code))
    return [code for code in dict.fromkeys([*study.countries, *ranked]) if of_country[code]][:_AROUND]


def _origins_of(flows: Counter[Direction], study: Study, most: int) -> dict[str, list[str]]:
    """The largest origins of each country of the pairs that anybody moved to."""
    found = {}
    for here in study.countries:
        ways = sorted((way for way, n in flows.items() if way[1] == here and n), key=lambda way: (-flows[way], way))
        if ways:
            found[here] = [way[0] for way in ways[:most]]
    return found


def _rows_of(results: Results, ways: set[Direction]) -> list[Row]:
    return [row for row in results["migration_flows"] if (row["origin_country"], row["destination_country"]) in ways]


def _listed(codes: Sequence[str]) -> str:
    names = [the(code) for code in codes] or ["the countries of the pairs"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _none_to(study: Study) -> str:
    return f"No scientist of the study moved to {_listed(study.countries).replace(' and ', ' or ')} in the period."


def _map(flows: dict[Direction, int], study: Study) -> Spec:
    others = drawing.TO_OTHERS
    order = [*(f"to {the(code)}" for code in study.countries), others]
    arcs, ends = [], []
    for (there, here), n in sorted(flows.items(), key=lambda item: (item[0][1] in study.countries, item[1])):
        series = f"to {the(here)}" if here in study.countries else others
        line = curve(centroids()[there], centroids()[here])
        told = {"n": n, "series": series, "tip": f"{country(there)} → {country(here)}: {n:,}"}
        geometry = {"type": "LineString", "coordinates": line}
        arcs.append({"type": "Feature", "geometry": geometry, **told})
        ends.append({"longitude": line[-1][0], "latitude": line[-1][1], **told})
    land = alt.Chart(
        alt.InlineData(values=shapes(), format=alt.TopoDataFormat(type="topojson", feature="countries"))
    ).mark_geoshape(fill=LIGHT["land"], stroke=LIGHT["shore"], strokeWidth=0.5)
    width = alt.StrokeWidth("n:Q", scale=alt.Scale(type="sqrt", range=[0.6, 6]), legend=None)
    names_it = alt.Tooltip("tip:N", title="moves")
    stroke = alt.Stroke("series:N", scale=drawing.colours(order))
    lines = (
        alt.Chart(drawing.data(arcs))
        .mark_geoshape(filled=False, strokeOpacity=0.75, strokeCap="round")
        .encode(stroke=stroke, strokeWidth=width, tooltip=names_it)
    )
    dots = (
        alt.Chart(drawing.data(ends))
        .mark_circle(size=22, opacity=1)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            color=drawing.colour(order),
            tooltip=names_it,
        )
    )
    drawn = alt.layer(land, lines, dots).project(type="equalEarth", rotate=[-11, 0, 0])
    return drawing.spec(drawn.properties(width="container", height=drawing.WIDTH // 2), ratio=0.5)


def _balance(totals: dict[str, Counter[str]]) -> Spec:
    sides = {"into the country": ("in", 1), "out of it": ("out", -1)}
    values = [
        {
            "label": name,
            "series": series,
            "value": sign * moves[side],
            "in": moves["in"],
            "out": moves["out"],
            "net": moves["in"] - moves["out"],
        }
        for name, moves in totals.items()
        for series, (side, sign) in sides.items()
    ]
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=list(totals), title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=drawing.tooltip({"label": "country", "in": ("in", ","), "out": ("out", ","), "net": ("net", "+,")}),
    )
    across = alt.X("value:Q", title="moves", axis=alt.Axis(labelExpr="format(abs(datum.value), ',')"))
    bars = base.mark_bar(height={"band": 0.72}).encode(x=across, color=drawing.colour(list(sides)))
    net = base.mark_point(
        shape="diamond", size=90, filled=True, fill=LIGHT["ground"], stroke=LIGHT["text"], strokeWidth=2, opacity=1
    )
    net = net.encode(x="net:Q")
    zero = drawing.rule(x=0)
    return drawing.spec(drawing.alone(drawing.layered([bars, zero, net], values), height=24 * len(totals)))


def _origins(flows: dict[str, dict[Direction, int]], chosen: dict[str, list[str]], study: Study) -> Spec:
    order = [*map(country, study.countries), drawing.OTHERS]
    charts = []
    for here, theres in chosen.items():
        total = sum(flows[here].values())
        values = [
            {
                "label": country(there),
                "value": flows[here][there, here],
                "share": flows[here][there, here] / total,
                "series": country(there) if there in study.countries else order[-1],
            }
            for there in theres
        ]
        told: drawing.Tells = {"label": "from", "value": ("moves", ","), "share": ("share of all", ".1%")}
        chart = drawing.bars(values, format=",", tells=told, order=order)
        charts.append((f"To {the(here)}: {total:,}", chart))
    # Bars of one height in every panel; Vega-Lite takes no step where a single chart fills the width.
    height = alt.Step(20) if len(charts) > 1 else 20 * max(map(len, chosen.values()))
    return drawing.spec(drawing.side_by_side(charts, height=height), axis=150)


def _origins_by_year(rows: Sequence[Row], chosen: dict[str, list[str]], study: Study) -> Spec:
    years = range(min(row["move_year"] for row in rows), max(row["move_year"] for row in rows) + 1)
    # The largest have a colour, those of the pairs first; what is left is grey, a line each.
    size = Counter({code: 0 for theres in chosen.values() for code in theres})
    for row in rows:
        size[row["origin_country"]] += row["n_entries"]
    ranked = [*study.countries, *sorted(size, key=lambda code: (-size[code], code))]
    coloured = [country(code) for code in dict.fromkeys(ranked) if code in size][: drawing.TOLD_APART]
    order = [*coloured, *([drawing.OTHERS] if len(size) > len(coloured) else [])]
    found = {(r["origin_country"], r["destination_country"], r["move_year"]): r["n_entries"] for r in rows}
    told: drawing.Tells = {"part": "from", "year": "year", "value": ("moves", ",")}
    charts = []
    for here, theres in chosen.items():
        values = [
            {
                "year": year,
                "value": found.get((there, here, year), 0),
                "series": country(there) if country(there) in coloured else drawing.OTHERS,
                "part": country(there),
                "complete": year <= study.last_full_year,
            }
            for there in theres
            for year in years
        ]
        charts.append((f"To {the(here)}", drawing.lines(values, order, y="", format=drawing.COUNT, tells=told)))
    return drawing.spec(drawing.side_by_side(charts, height=190))
