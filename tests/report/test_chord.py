"""The geometry of the chord diagram."""

from itertools import pairwise
from math import isclose, pi

from scholarflow.report.chord import Arc, Chord, chord_diagram, layout, ribbon, rim

FLOWS = {("US", "CN"): 6, ("CN", "US"): 2, ("US", "GB"): 1, ("GB", "US"): 0, ("US", "FR"): 9}


def test_arcs_are_as_long_as_what_leaves_and_arrives() -> None:
    arcs, chords = layout(FLOWS, ["US", "CN", "GB"])
    length = {group: arc.end - arc.start for group, arc in arcs.items()}
    assert isclose(length["US"], 9 * length["GB"])  # 6 and 1 leave, 2 arrive; one arrives
    assert isclose(length["CN"], 8 * length["GB"])
    assert [(chord.origin, chord.destination, chord.n) for chord in chords] == [
        ("US", "CN", 6),
        ("CN", "US", 2),
        ("US", "GB", 1),
    ]
    gaps = 2 * pi - sum(length.values())
    assert isclose(gaps, 3 * (arcs["CN"].start - arcs["US"].end))


def test_ends_of_chords_fill_their_groups_without_a_gap_or_overlap() -> None:
    arcs, chords = layout(FLOWS, ["US", "CN", "GB"])
    for group, arc in arcs.items():
        ends = sorted(
            [(c.leaves.start, c.leaves.end) for c in chords if c.origin == group]
            + [(c.arrives.start, c.arrives.end) for c in chords if c.destination == group]
        )
        assert isclose(ends[0][0], arc.start)
        assert isclose(ends[-1][1], arc.end)
        assert all(isclose(before[1], after[0]) for before, after in pairwise(ends))


def test_nothing_flows() -> None:
    assert layout({}, ["US", "CN"]) == ({}, [])
    assert layout({("US", "CN"): 0}, ["US", "CN"]) == ({}, [])


def test_paths() -> None:
    quarter = rim(Arc(0, pi / 2))
    assert quarter.startswith("M0.0,-190.0A190,190,0,0,1,190.0,0.0L178.0,0.0")
    assert quarter.endswith("Z")
    chord = Chord("US", "CN", 1, leaves=Arc(0, 1), arrives=Arc(2, 3))
    assert ribbon(chord).count("Q0,0,") == 2
    assert "0,1,1," in rim(Arc(0, 4))  # more than half the circle


def test_names_of_a_side_stand_a_line_apart() -> None:
    small = {("US", code): 1 for code in ("FR", "GB", "DE", "IT", "ES")} | {("US", "CN"): 500}
    names = {code: code for code in ("US", "CN", "FR", "GB", "DE", "IT", "ES")}
    spec = chord_diagram(small, names, dict.fromkeys(names, "#000000"))
    groups = next(data["values"] for data in spec["data"] if data["name"] == "groups")
    for side in ("left", "right"):
        heights = sorted(group["y"] for group in groups if group["align"] == side)
        assert all(after - before >= 18 - 1e-6 for before, after in pairwise(heights))
