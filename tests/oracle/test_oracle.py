"""The oracle itself: against the hand-worked cases, the contract's columns, and its own invariants."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

import oracle
from oracle.cases import CASES, PARAMETERS, canonical, mismatch, parameters, rows
from oracle.literals import CANONICAL_SCHEMAS, canonical_tables

COLUMNS = {
    "field_works": """
        work_id:int64 pub_year:int32 source_id:int64 n_authors:int64 n_authors_with_country:int64
        lead_countries:list countries:list partner_countries:list
    """,
    "led_works": """
        work_id:int64 lead_country:string pub_year:int32 n_authors:int64 lead_institution_id:int64
        partner_countries:list is_dual:bool
    """,
    "scientists": """
        author_id:int64 n_works:int64 n_field_works:int64 first_pub_year:int32 last_pub_year:int32
        is_simultaneous:bool
    """,
    "author_country_years": """
        author_id:int64 pub_year:int32 country_code:string n_works:int64 n_field_works:int64
        is_primary:bool is_primary_in_field:bool
    """,
    "country_spells": """
        author_id:int64 spell:int32 country_code:string start_year:int32 end_year:int32
        n_works:int64
    """,
    "migrations": """
        author_id:int64 move_seq:int32 origin_country:string destination_country:string
        move_year:int32 last_origin_year:int32 gap_years:int32 is_return:bool is_entry:bool
        overlaps_origin:bool
    """,
    "citation_windows": """
        work_id:int64 pub_year:int32 c2:int64 c3:int64 c5:int64 c10:int64 c_all:int64
        c2_foreign_lead:int64 c2_unknown_lead:int64 c2_foreign_any:int64 c2_unknown_any:int64
        hit_1pct:double hit_5pct:double hit_10pct:double c2_complete:bool c5_complete:bool
    """,
    "collaboration_edges": """
        pub_year:int32 country_a:string country_b:string n_works:int64 n_works_fractional:double
        affinity:double
    """,
    "coauthor_edges": """
        author_a:int64 author_b:int64 first_year:int32 last_year:int32 n_works:int64
    """,
    "top_institutions": """
        rank:int32 institution_id:int64 name:string country_code:string total_c2:int64
    """,
    "country_years": """
        country_code:string pub_year:int32 n_works:int64 share_works:double
        n_works_fractional:double n_scientists:int64 total_c2:int64 mean_c2:double n_hits:double
        share_hits:double pp_top_1pct:double pp_top_10pct:double n_international:int64
        is_complete:bool
    """,
    "country_totals": """
        country_code:string years:string n_works:int64 share_works:double n_works_fractional:double
        n_scientists:int64 total_c2:int64 mean_c2:double n_hits:double share_hits:double
        pp_top_1pct:double pp_top_10pct:double n_international:int64 is_complete:bool
        rank_works:int32 rank_scientists:int32 rank_c2:int32 rank_hits:int32
    """,
    "coverage_years": """
        pub_year:int32 n_field_works:int64 share_lead_country:double share_all_countries:double
        share_references:double share_english:double
    """,
    "coverage_country_years": """
        pub_year:int32 country_code:string n_field_works:int64 share_lead_country:double
        share_all_countries:double share_references:double share_english:double
    """,
    "migration_flows": """
        origin_country:string destination_country:string move_year:int32 n_moves:int64
        n_entries:int64 n_scientists:int64 rate:double
    """,
    "country_balance": """
        country_code:string move_year:int32 n_in:int64 n_out:int64 net:int64 n_entries_in:int64
        n_entries_out:int64 rate_in:double rate_out:double rate_net:double
    """,
    "scientist_partner_years": """
        author_id:int64 pub_year:int32 partner_country:string n_field_works:int64
    """,
    "scientist_years": """
        author_id:int64 pub_year:int32 country_code:string career_age:int32 n_works:int64
        n_field_works:int64 cum_works:int64 citations_received:int64 cum_citations:int64
    """,
    "kinds_of_works": """
        lead_country:string partner_country:string collaborates:bool pub_year:int32 n_works:int64
        mean_team:double team_q1:double team_median:double team_q3:double
        n_with_institution:int64 share_top_institution:double hit_rate:double is_complete:bool
        difference:double top_difference:double team_difference:double
    """,
    "elite_mobility": """
        origin_country:string destination_country:string n_moves:int64
        n_left_known:int64 n_left_top:int64 share_left_top:double share_left_top_low:double
        share_left_top_high:double n_hired_known:int64 n_hired_top:int64 share_hired_top:double
        share_hired_top_low:double share_hired_top_high:double
    """,
}


@cache
def derived(case: str) -> dict[str, pa.Table]:
    return oracle.derive(canonical(CASES[case]), **parameters(CASES[case]))


@pytest.mark.parametrize(
    ("case", "table"), [(case, table) for case in CASES for table in CASES[case]["expected"]], ids=str
)
def test_case(case: str, table: str) -> None:
    difference = mismatch(derived(case)[table], CASES[case]["expected"][table])
    assert not difference, difference


def test_every_table_has_a_case() -> None:
    assert {table for case in CASES.values() for table in case["expected"]} == set(oracle.TABLES)


@pytest.mark.parametrize("case", ["hits", "no_field_works"])
@pytest.mark.parametrize("table", oracle.TABLES)
def test_columns_and_types_are_those_of_the_contract(case: str, table: str) -> None:
    written = [
        f"{field.name}:{'list' if pa.types.is_list(field.type) else field.type}"
        for field in derived(case)[table].schema
    ]
    assert written == COLUMNS[table].split()


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(ValueError, match="scopus"):
        oracle.derive({}, **PARAMETERS | {"source": "scopus"})


def test_a_mismatch_names_the_rows_that_differ() -> None:
    actual = pa.Table.from_pylist([{"a": 1, "b": 0.5}, {"a": 2, "b": None}])
    assert mismatch(actual, "a b\n2 null\n1 1/2") == ""
    assert "{'a': 1, 'b': 0.25}" in mismatch(actual, "a b\n1 1/4\n2 null")
    assert "not expected" in mismatch(actual, "a b\n1 0.5")
    assert "no column ['c']" in mismatch(actual, "a c\n1 0.5")


def test_a_literal_with_a_missing_field_is_refused() -> None:
    with pytest.raises(ValueError, match="1 fields under 2 columns"):
        rows("a b\n1 2\n3")


# A snapshot drawn by hash: 400 works of 2010–2013 by 60 authors in 4 countries, a third outside the field.


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


@cache
def drawn() -> dict[str, pa.Table]:
    works = range(1, 401)
    years = {work: 2010 + draw("year", work, below=4) for work in works}
    places = {
        f"{work} {position} {author if author % 9 else 'null'} {country}"
        for work in works
        for position in range(1, 2 + draw("team", work, below=4))
        for author in [draw("author", work, position, below=60) + 1]
        for row in range(1 + (draw("rows", work, position, below=10) == 0))
        for country in [["US", "CN", "DE", "GB", "null"][draw("place", work, position, row, below=5)]]
    }
    cited = {(work, 1 + draw("cites", work, n, below=work)) for work in works for n in range(5)}
    lines: Mapping[str, list[str]] = {
        "works": ["work_id pub_year", *(f"{work} {years[work]}" for work in works)],
        "work_fields": ["work_id", *(str(work) for work in works if draw("field", work, below=3))],
        "authorships": ["work_id author_position author_id country_code", *sorted(places)],
        "citations": ["citing_work_id cited_work_id", *(f"{a} {b}" for a, b in sorted(cited) if a != b)],
    }
    return canonical_tables({table: "\n".join(text) for table, text in lines.items()})


@cache
def drawn_tables() -> dict[str, list[dict[str, Any]]]:
    return {table: data.to_pylist() for table, data in oracle.derive(drawn(), **PARAMETERS).items()}


@pytest.mark.parametrize("percent", [1, 5, 10])
def test_hit_weights_sum_to_exactly_that_share_of_the_year(percent: int) -> None:
    by_year: dict[int, list[float | None]] = {}
    for work in drawn_tables()["citation_windows"]:
        by_year.setdefault(work["pub_year"], []).append(work[f"hit_{percent}pct"])
    assert len(by_year) == 4
    for weights in by_year.values():
        assert sum(weight for weight in weights if weight is not None) == pytest.approx(percent / 100 * len(weights))


def test_shares_of_countries_sum_to_one() -> None:
    for share in ("share_works", "share_hits"):
        sums: dict[int, float] = {}
        for row in drawn_tables()["country_years"]:
            sums[row["pub_year"]] = sums.get(row["pub_year"], 0.0) + row[share]
        assert sums == {year: pytest.approx(1) for year in range(2010, 2014)}


def test_years_add_up_to_the_period() -> None:
    years, totals = drawn_tables()["country_years"], drawn_tables()["country_totals"]
    period = [row for row in totals if row["years"] == "period"]
    assert len(period) == 4
    for row in period:
        own = [year for year in years if year["country_code"] == row["country_code"]]
        for column in ("n_works", "n_works_fractional", "total_c2", "n_hits", "n_international"):
            assert row[column] == pytest.approx(sum(year[column] for year in own))


def test_fractional_edges_sum_to_the_international_works() -> None:
    international = [work for work in drawn_tables()["field_works"] if len(work["countries"]) > 1]
    edges = drawn_tables()["collaboration_edges"]
    assert sum(edge["n_works_fractional"] for edge in edges) == pytest.approx(len(international))
    assert all(edge["country_a"] < edge["country_b"] for edge in edges)


def test_spells_follow_each_other_and_moves_chain() -> None:
    spells = {(row["author_id"], row["spell"]): row for row in drawn_tables()["country_spells"]}
    later = [(row, spells.get((author, spell - 1))) for (author, spell), row in spells.items() if spell > 1]
    assert later
    for row, before in later:
        assert before is not None
        assert before["end_year"] < row["start_year"]
        assert before["country_code"] != row["country_code"]
    moves = {(row["author_id"], row["move_seq"]): row for row in drawn_tables()["migrations"]}
    assert moves
    for (author, sequence), row in moves.items():
        if sequence > 1:
            assert moves[author, sequence - 1]["destination_country"] == row["origin_country"]


def test_the_order_of_the_input_changes_nothing() -> None:
    turned = {table: data.take(pa.array(range(len(data))[::-1], pa.int64())) for table, data in drawn().items()}
    again = oracle.derive(turned, **PARAMETERS)
    for table, expected in drawn_tables().items():
        assert again[table].to_pylist() == [
            {key: pytest.approx(value) if isinstance(value, float) else value for key, value in row.items()}
            for row in expected
        ]


def test_columns_beyond_the_contract_change_nothing() -> None:
    wider = {
        table: data.append_column("is_xpac", pa.array([None] * len(data), pa.bool_()))
        for table, data in drawn().items()
    }
    assert set(wider) == set(CANONICAL_SCHEMAS)
    again = oracle.derive(wider, **PARAMETERS)
    assert again["led_works"].to_pylist() == drawn_tables()["led_works"]
