"""Small snapshots with the tables they must give, worked out by hand: one story each.

A case names canonical tables and expected tables as text (see `literals`): all rows of an expected table, but
only the columns that matter; a header alone expects no row. Parameters are those of `oracle.derive`, over
`PARAMETERS`. Lines marked "Reading:" rest on an interpretation of the contract rather than on its letter.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

import pyarrow as pa

from oracle.literals import canonical_tables, mismatch, rows

__all__ = ["CASES", "PARAMETERS", "Case", "canonical", "mismatch", "parameters", "rows"]

PARAMETERS: dict[str, Any] = {
    "source": "openalex",
    "fields": [1],
    "scheme": "concept",
    "min_score": 0.3,
    "first_year": 2000,
    "last_year": 2021,
    "pairs": [("US", "CN")],
}


class Case(TypedDict):
    """Canonical literals, what differs from `PARAMETERS`, and the expected literals, both by table."""

    canonical: Mapping[str, str]
    parameters: Mapping[str, Any]
    expected: Mapping[str, str]


def canonical(case: Case) -> dict[str, pa.Table]:
    """The canonical tables of a case, all of them, completed and typed."""
    return canonical_tables(case["canonical"])


def parameters(case: Case) -> dict[str, Any]:
    """The keyword arguments of `oracle.derive` for a case."""
    return PARAMETERS | dict(case["parameters"])


CASES: dict[str, Case] = {}

# Author 1: US 2001–2002, China 2005–2006 (in 2005 two works from there, one still from the US), US again in
#   2008.
#   Move 1 in 2005: silent in 2003 and 2004, so gap 2; a US work in 2005, so the origin overlaps.
#   Move 2 in 2008: gap 1 (2007); the US was primary before: a return, no entry.
# Author 2: US 2003 and 2004, then two works from China and one from the US in 2005, which overlaps by it.
# Author 3: US throughout.
# Rate US → CN 2005: 2 moves ÷ 2 residents of 2004 (authors 2 and 3; author 1 was silent). CN → US 2008:
#   nobody in 2007.
CASES["mover_with_a_return"] = {
    "canonical": {
        "works": """
            work_id pub_year
            11      2001
            12      2002
            13..15  2005
            16      2006
            17      2008
            21      2003
            22      2004
            23..25  2005
            31      2003
            32      2004
            33      2005
        """,
        "work_fields": """
            work_id
            11..17
            21..25
            31..33
        """,
        "authorships": """
            work_id author_position author_id country_code
            11..12  1               1         US
            13..14  1               1         CN
            15      1               1         US
            16      1               1         CN
            17      1               1         US
            21..22  1               2         US
            23..24  1               2         CN
            25      1               2         US
            31..33  1               3         US
        """,
        "citations": """
            citing_work_id cited_work_id
            12             11
            16             11
            16             12
            33             21
        """,
    },
    "parameters": {},
    "expected": {
        "scientists": """
            author_id n_works n_field_works first_pub_year last_pub_year is_simultaneous
            1         7       7             2001           2008          false
            2         5       5             2003           2005          false
            3         3       3             2003           2005          false
        """,
        "author_country_years": """
            author_id pub_year   country_code n_works n_field_works is_primary is_primary_in_field
            1         2001..2002 US           1       1             true       true
            1         2005       CN           2       2             true       true
            1         2005       US           1       1             false      false
            1         2006       CN           1       1             true       true
            1         2008       US           1       1             true       true
            2         2003..2004 US           1       1             true       true
            2         2005       CN           2       2             true       true
            2         2005       US           1       1             false      false
            3         2003..2005 US           1       1             true       true
        """,
        # n_works of a run counts the rows with is_primary: the US work of 2005 is in no run.
        "country_spells": """
            author_id spell country_code start_year end_year n_works
            1         1     US           2001       2002     2
            1         2     CN           2005       2006     3
            1         3     US           2008       2008     1
            2         1     US           2003       2004     2
            2         2     CN           2005       2005     2
            3         1     US           2003       2005     3
        """,
        "migrations": """
            author_id move_seq origin_country destination_country move_year last_origin_year gap_years is_return is_entry overlaps_origin
            1         1        US             CN                  2005      2002             2         false     true     true
            1         2        CN             US                  2008      2006             1         true      false    false
            2         1        US             CN                  2005      2004             0         false     true     true
        """,  # noqa: E501
        "migration_flows": """
            origin_country destination_country move_year n_moves n_entries n_scientists rate
            US             CN                  2005      2       2         2            1.0
            CN             US                  2008      1       0         1            null
        """,
        "country_balance": """
            country_code move_year n_in n_out net n_entries_in n_entries_out rate_in rate_out rate_net
            US           2005      0    2     -2  0            2             0.0     1.0      -1.0
            CN           2005      2    0     2   2            0             null    null     null
            US           2008      1    0     1   0            0             null    null     null
            CN           2008      0    1     -1  0            0             null    null     null
        """,
        # Years of silence keep the last known country; a year's citations are those by works of that year.
        "scientist_years": """
            author_id pub_year country_code career_age n_works n_field_works cum_works citations_received cum_citations
            1         2001     US           0          1       1             1         0                  0
            1         2002     US           1          1       1             2         1                  1
            1         2003     US           2          0       0             2         0                  1
            1         2004     US           3          0       0             2         0                  1
            1         2005     CN           4          3       3             5         0                  1
            1         2006     CN           5          1       1             6         2                  3
            1         2007     CN           6          0       0             6         0                  3
            1         2008     US           7          1       1             7         0                  3
            2         2003     US           0          1       1             1         0                  0
            2         2004     US           1          1       1             2         0                  0
            2         2005     CN           2          3       3             5         1                  1
            3         2003     US           0          1       1             1         0                  0
            3         2004     US           1          1       1             2         0                  0
            3         2005     US           2          1       1             3         0                  0
        """,
    },
}

# Only moves of 2000–2021, both ends included, under the number they have in the whole career.
# Author 1: US 1998, CN 1999, DE 2001, US 2022: moves 1 (1999) and 3 (2022) fall outside.
# Author 2: a field work from China in 2003 beside two from the US, then China: a move, not an entry, nor a
#   return.
# Author 3: the same with a work outside the field: an entry. The US work of 2006 is outside the field: no
#   overlap.
# Authors 4 and 5 move in the first and the last year. Author 6 goes US, CN, US: move 1's origin overlaps by
#   the return.
CASES["moves_in_and_out_of_the_period"] = {
    "canonical": {
        "works": """
            work_id pub_year
            11      1998
            12      1999
            13      2001
            14      2022
            21..23  2003
            24      2004
            31..33  2003
            34      2004
            35      2006
            41..42  1999
            43      2000
            51..52  2020
            53      2021
            61      2010
            62      2011
            63      2012
        """,
        "work_fields": """
            work_id
            11..14
            21..24
            31..32
            34
            41..43
            51..53
            61..63
        """,
        "authorships": """
            work_id author_position author_id country_code
            11      1               1         US
            12      1               1         CN
            13      1               1         DE
            14      1               1         US
            21..22  1               2         US
            23..24  1               2         CN
            31..32  1               3         US
            33..34  1               3         CN
            35      1               3         US
            41..42  1               4         US
            43      1               4         GB
            51..52  1               5         GB
            53      1               5         US
            61      1               6         US
            62      1               6         CN
            63      1               6         US
        """,
    },
    "parameters": {},
    "expected": {
        "migrations": """
            author_id move_seq origin_country destination_country move_year is_return is_entry overlaps_origin
            1         2        CN             DE                  2001      false     true     false
            2         1        US             CN                  2004      false     false    false
            3         1        US             CN                  2004      false     true     false
            4         1        US             GB                  2000      false     true     false
            5         1        GB             US                  2021      false     true     false
            6         1        US             CN                  2011      false     true     true
            6         2        CN             US                  2012      true      false    false
        """,
        # Residents of the US in 2003: authors 2 and 3. Residents of China in 2000: none, author 1 left a gap.
        "migration_flows": """
            origin_country destination_country move_year n_moves n_entries n_scientists rate
            CN             DE                  2001      1       1         1            null
            US             CN                  2004      2       1         2            1.0
            US             GB                  2000      1       1         1            1.0
            GB             US                  2021      1       1         1            1.0
            US             CN                  2011      1       1         1            1.0
            CN             US                  2012      1       0         1            1.0
        """,
    },
}

# Author 1, 2001: one work each; China has 2 over the career, the US 1: China.
# Author 2, 2001: one each, one each over the career: alphabet. The work of 2003 names no country: no row.
# Author 3, 2001: two US works outside the field, one Chinese in it: primary US, primary in the field China.
# Author 4, 2001: one each, both in the field. All works over the career: US 3, CN 2; field works: US 1, CN 2.
# Work 15 has an author without id: no row.
CASES["ties_of_the_primary_country"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..2    2001
            3       2002
            4..10   2001
            11..12  2002
            13..14  2003
            15      2001
        """,
        "work_fields": """
            work_id
            1..5
            8..10
            13..15
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               1         US
            2..3    1               1         CN
            4       1               2         US
            5       1               2         CN
            14      1               2         null
            6..7    1               3         US
            8       1               3         CN
            9       1               4         US
            10      1               4         CN
            11..12  1               4         US
            13      1               4         CN
            15      1               null      US
        """,
    },
    "parameters": {},
    "expected": {
        "author_country_years": """
            author_id pub_year country_code n_works n_field_works is_primary is_primary_in_field
            1         2001     CN           1       1             true       true
            1         2001     US           1       1             false      false
            1         2002     CN           1       1             true       true
            2         2001     CN           1       1             true       true
            2         2001     US           1       1             false      false
            3         2001     CN           1       1             false      true
            3         2001     US           2       0             true       false
            4         2001     CN           1       1             false      true
            4         2001     US           1       1             true       false
            4         2002     US           2       0             true       false
            4         2003     CN           1       1             true       true
        """,
        "country_spells": """
            author_id spell country_code start_year end_year n_works
            1         1     CN           2001       2002     2
            2         1     CN           2001       2001     1
            3         1     US           2001       2001     2
            4         1     US           2001       2002     3
            4         2     CN           2003       2003     1
        """,
    },
}

# Author 1: one field work (1) lists both countries: simultaneous, moves left out, counted once in each
#   country.
# Author 2: the work that lists both (4) is outside the field: not simultaneous, the move of 2003 stays.
# Author 3: both countries in 2001, by different works: not simultaneous; China is primary (2 works over the
#   career).
# Rate US → CN 2003: residents of the US in 2002 are author 2 alone, author 1 being left out.
# Works per year 5, 3, 2: the newest with at least 2.5 is 2002, so nothing after 2000 has a complete c2.
CASES["two_countries_at_once"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1       2001
            2       2002
            3       2003
            4..5    2001
            6       2002
            7       2003
            8..9    2001
            10      2002
        """,
        "work_fields": """
            work_id
            1..3
            5..10
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               1         US
            1       1               1         CN
            2       1               1         US
            3       1               1         CN
            4       1               2         US
            4       1               2         CN
            5..6    1               2         US
            7       1               2         CN
            8       1               3         US
            9..10   1               3         CN
        """,
    },
    "parameters": {},
    "expected": {
        "scientists": """
            author_id n_works n_field_works is_simultaneous
            1         3       3             true
            2         4       3             false
            3         3       3             false
        """,
        "migrations": """
            author_id move_seq origin_country destination_country move_year last_origin_year is_entry
            2         1        US             CN                  2003      2002             true
        """,
        "migration_flows": """
            origin_country destination_country move_year n_moves n_scientists rate
            US             CN                  2003      1       1            1.0
        """,
        # 2001: US leads works 1, 5, 8, China 1 and 9; work 1 is half of each.
        "country_years": """
            country_code pub_year n_works share_works n_works_fractional n_scientists n_hits is_complete
            US           2001     3       3/5         2.5                3            null   false
            CN           2001     2       2/5         1.5                2            null   false
            US           2002     2       2/3         2.0                2            null   false
            CN           2002     1       1/3         1.0                1            null   false
            CN           2003     2       1.0         2.0                2            null   false
        """,
        # Distinct scientists over the period: 3 in each; no row `complete`.
        "country_totals": """
            country_code years  n_works n_works_fractional n_scientists rank_works rank_scientists rank_hits
            US           period 5       4.5                3            1          1               null
            CN           period 5       4.5                3            1          1               null
        """,
    },
}

# Author 1: 2 of 3 works in the field, more than half. Author 2: 2 of 4, not more. Author 3: 2 works, too few.
# Author 4: two works, each with two institutions: still 2 works. Author 5: 3 of 3, without any country.
# Without id: nobody, whatever the number of works.
CASES["who_is_a_scientist"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1       2001
            2       2002
            3       2003
            4..7    2005
            8       2010
        """,
        "work_fields": """
            work_id
            1..2
            4..5
            8
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code
            1..3    1               1         10             US
            4..7    1               2         10             US
            1..2    2               3         10             US
            1..2    3               4         10             US
            1..2    3               4         11             US
            1..2    4               5         null           null
            8       1               5         null           null
            1..2    5               null      10             US
            8       2               null      10             US
        """,
    },
    "parameters": {},
    "expected": {
        "scientists": """
            author_id n_works n_field_works first_pub_year last_pub_year is_simultaneous
            1         3       2             2001           2003          false
            5         3       3             2001           2010          false
        """,
    },
}

# Up to 2005: author 1 has 3 of 3 field works (later 3 of 7), author 2 has 2 works (later 3).
# Reading: as_of bounds the counts that qualify; last_pub_year and is_simultaneous still see the whole
#   snapshot.
CASES["scientists_as_of_a_year"] = {
    "canonical": {
        "works": """
            work_id pub_year
            11      2003
            12      2004
            13      2005
            14..17  2008
            21..22  2005
            23      2006
        """,
        "work_fields": """
            work_id
            11..13
            21..23
        """,
        "authorships": """
            work_id author_position author_id country_code
            11..17  1               1         US
            21..23  1               2         US
        """,
    },
    "parameters": {"as_of": 2005},
    "expected": {
        "scientists": """
            author_id n_works n_field_works first_pub_year last_pub_year is_simultaneous
            1         3       3             2003           2008          false
        """,
    },
}

# 1: the last author has institutions 11 and 12 in the US and 21 in China: led by both, smallest id of each.
# 2: the last author's country is unknown: led by nobody.
# 3: a list cut by the source: nobody is last. Reading: all on the list are partners.
# 4: a single author: a lead without partners. 5: a last author without id and institution still leads, for
#   France.
# 6: no authors. 7: outside the field. 8: led from both; the last author's second country is no partner.
# 9: two authors at position 1, one of unknown country; the last author has a row without institution and one
#   with.
CASES["who_leads"] = {
    "canonical": {
        "works": """
            work_id pub_year n_authors
            1       2010     2
            2       2010     2
            3       2010     5000
            4       2010     1
            5       2010     2
            6       2010     0
            7       2010     1
            8       2010     2
            9       2010     3
        """,
        "work_fields": """
            work_id
            1..6
            8..9
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code is_last
            1       1               1         20             CN           false
            1       2               2         12             US           true
            1       2               2         11             US           true
            1       2               2         21             CN           true
            2       1               1         10             US           false
            2       2               2         null           null         true
            3       1               1         10             US           null
            3       2               3         20             CN           null
            4       1               1         30             DE           true
            5       1               1         40             FR           false
            5       2               null      null           FR           true
            7       1               1         10             US           true
            8       1               1         50             GB           false
            8       2               2         12             US           true
            8       2               2         22             CN           true
            9       1               1         10             US           false
            9       1               3         null           null         false
            9       2               2         null           null         true
            9       2               2         11             US           true
        """,
    },
    "parameters": {},
    "expected": {
        "field_works": """
            work_id pub_year n_authors n_authors_with_country lead_countries countries  partner_countries
            1       2010     2         2                      [CN,US]        [CN,US]    [CN]
            2       2010     2         1                      []             [US]       [US]
            3       2010     5000      2                      []             [CN,US]    [CN,US]
            4       2010     1         1                      [DE]           [DE]       []
            5       2010     2         2                      [FR]           [FR]       [FR]
            6       2010     0         0                      []             []         []
            8       2010     2         2                      [CN,US]        [CN,GB,US] [GB]
            9       2010     3         2                      [US]           [US]       [US]
        """,
        "led_works": """
            work_id lead_country pub_year n_authors lead_institution_id partner_countries is_dual
            1       CN           2010     2         21                  [CN]              true
            1       US           2010     2         11                  [CN]              true
            4       DE           2010     1         30                  []                false
            5       FR           2010     2         null                [FR]              false
            8       CN           2010     2         22                  [GB]              true
            8       US           2010     2         12                  [GB]              true
            9       US           2010     3         11                  [US]              false
        """,
        # Led from both: 1 and 8, left out. There remains 9, without China.
        "kinds_of_works": """
            lead_country partner_country collaborates pub_year n_works mean_team
            US           CN              false        2010     1       3.0
            US           CN              false        null     1       3.0
        """,
        # Lead known: 1, 4, 5, 8, 9. All countries known: 1, 4, 5, 8.
        "coverage_years": """
            pub_year n_field_works share_lead_country share_all_countries
            2010     8             5/8                1/2
        """,
    },
}

# In: 1 (score at the threshold), 3 (by field 2; its row of field 1 is too low), 6 (by both, once).
# Out: 2 (below), 4 (another scheme), 5 (another field), 7 (not in the snapshot), 8 (Reading: no score attests
#   nothing).
CASES["what_is_a_field_work"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..6    2010
            8       2010
        """,
        "work_fields": """
            work_id scheme  field_id score
            1       concept 1        0.3
            2       concept 1        0.29
            3       concept 1        0.1
            3       concept 2        0.9
            4       topic   1        0.9
            5       concept 3        0.9
            6       concept 1        0.5
            6       concept 2        0.5
            7       concept 1        0.9
            8       concept 1        null
        """,
    },
    "parameters": {"fields": [1, 2]},
    "expected": {
        "field_works": """
            work_id pub_year n_authors n_authors_with_country lead_countries countries partner_countries
            1       2010     0         0                      []             []        []
            3       2010     0         0                      []             []        []
            6       2010     0         0                      []             []        []
        """,
    },
}

# Work 1 of 2010 is cited at ages −1, 0, 2, 3, 5, 10, 11, by works of no field.
# Work 2 (led by the US, with a Chinese first author) is cited in 2011 by
#   201 led by the US; 202 led by China with the US; 203 led by China;
#   204 led by an unknown country with China; 205 unknown; 206 led by an unknown country with the US.
#   By lead: foreign 202, 203; unknown 204, 205, 206. By any country: foreign 203, 204; unknown 205.
#   Reading: "this work's" are the countries that lead it, also when any country of the citing work is asked.
# Work 3 has no country: foreign to nobody; of its citing works 205 is unknown. Work 4 is led by both: 203 is
#   no foreigner.
# Last full year 2020: c2 complete up to 2018, c5 up to 2015. Work 201 is a field work too.
CASES["citation_windows"] = {
    "canonical": {
        "works": """
            work_id  pub_year
            1..4     2010
            5        2019
            6        2018
            101      2009
            102      2010
            103      2012
            104      2013
            105      2015
            106      2020
            107      2021
            201..206 2011
        """,
        "work_fields": """
            work_id
            1..6
            201
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               1         US
            2       1               2         CN
            2       2               1         US
            4       1               1         US
            4       1               1         CN
            102     1               1         US
            103     1               2         CN
            201     1               1         US
            202     1               1         US
            202     2               2         CN
            203     1               2         CN
            204     1               2         CN
            204     2               3         null
            206     1               1         US
            206     2               3         null
        """,
        "citations": """
            citing_work_id cited_work_id
            101..107       1
            201..206       2
            201            3
            205            3
            203            4
            203            999
        """,
    },
    "parameters": {"last_full_year": 2020},
    "expected": {
        "citation_windows": """
            work_id c2 c3 c5 c10 c_all c2_foreign_lead c2_unknown_lead c2_foreign_any c2_unknown_any
            1       2  3  4  5   7     1               0               1              0
            2       6  6  6  6   6     2               3               2              1
            3       2  2  2  2   2     null            1               null           1
            4       1  1  1  1   1     0               0               0              0
            5       0  0  0  0   0     null            0               null           0
            6       0  0  0  0   0     null            0               null           0
            201     0  0  0  0   0     0               0               0              0
        """,
    },
}

# Works per year 1, 4, 2, 1: the largest year has 4, the newest with at least 2 is 2019.
# c2 of 2017 ends in 2019: complete; of 2018 in 2020: not.
CASES["last_full_year_by_size"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1       2017
            2..5    2018
            6..7    2019
            8       2020
            9       2014
        """,
        "work_fields": """
            work_id
            1..2
            9
        """,
    },
    "parameters": {},
    "expected": {
        "citation_windows": """
            work_id pub_year c2_complete c5_complete
            1       2017     true        false
            2       2018     false       false
            9       2014     true        true
        """,
    },
}

# 2010: 15 works with c2 5, 3, 3, 1 and zeros. 1 % is 0.15 of a work, 5 % 0.75, 10 % 1.5:
#   work 1 takes 0.15, 0.75 and 1; the remaining 0.5 of the 10 % is shared by the two works with 3.
# 2011: 11 works, one cited. 1 % 0.11 and 5 % 0.55 fall on it; 10 % is 1.1 > 1 and reaches the zeros:
#   undefined.
# 2012: 10 works, one cited; 10 % is exactly 1: no zero is reached.
# 2013: one work, not cited: undefined throughout.
# Led by the US: 1, 5, 42 and, with China, 41; by China: 2, 3, 4, 21, 60.
CASES["hits"] = {
    "canonical": {
        "works": """
            work_id  pub_year
            1..15    2010
            21..31   2011
            41..50   2012
            60       2013
            901..905 2011
            906      2012
        """,
        "work_fields": """
            work_id
            1..15
            21..31
            41..50
            60
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               1         US
            2..4    1               2         CN
            5       1               3         US
            21      1               2         CN
            41      1               4         US
            41      1               4         CN
            42      1               5         US
            60      1               2         CN
        """,
        "citations": """
            citing_work_id cited_work_id
            901..905       1
            901..903       2
            901..903       3
            901            4
            901            21
            906            41
        """,
    },
    "parameters": {"last_full_year": 2014, "min_works": 4},
    "expected": {
        "citation_windows": """
            work_id pub_year c2 hit_1pct hit_5pct hit_10pct c2_complete
            1       2010     5  0.15     0.75     1.0       true
            2..3    2010     3  0.0      0.0      0.25      true
            4       2010     1  0.0      0.0      0.0       true
            5..15   2010     0  0.0      0.0      0.0       true
            21      2011     1  0.11     0.55     null      true
            22..31  2011     0  0.0      0.0      null      true
            41      2012     1  0.1      0.5      1.0       true
            42..50  2012     0  0.0      0.0      0.0       true
            60      2013     0  null     null     null      false
        """,
        # Author 2 is the only scientist (5 field works).
        "country_years": """
            country_code pub_year n_works share_works n_works_fractional n_scientists total_c2 mean_c2 n_hits share_hits pp_top_1pct pp_top_10pct is_complete
            US           2010     2       2/5         2.0                0            5        2.5     0.15   1.0        0.075       0.5          true
            CN           2010     3       3/5         3.0                1            7        7/3     0.0    0.0        0.0         1/6          true
            CN           2011     1       1.0         1.0                1            1        1.0     0.11   1.0        0.11        null         true
            US           2012     2       2/3         1.5                0            1        0.5     0.1    0.5        0.05        0.5          true
            CN           2012     1       1/3         0.5                0            1        1.0     0.1    0.5        0.1         1.0          true
            CN           2013     1       1.0         1.0                1            0        0.0     null   null       null        null         false
        """,  # noqa: E501
        # China, period: hits 0 + 0.11 + 0.1, the year 2013 adding none; 0.5 + 1 of the top 10 % over 6 works.
        # Reading: own works are all works led, those of undefined years too.
        # Reading: a row is complete if every work pooled in it is; the US leads nothing in 2013.
        "country_totals": """
            country_code years    n_works share_works n_works_fractional n_scientists total_c2 mean_c2 n_hits share_hits pp_top_1pct pp_top_10pct is_complete rank_works rank_scientists rank_c2 rank_hits
            US           period   4       0.4         3.5                0            6        1.5     0.25   25/46      0.0625      0.5          true        2          2               2       1
            CN           period   6       0.6         5.5                1            9        1.5     0.21   21/46      0.035       0.25         false       1          1               1       2
            US           complete 4       4/9         3.5                0            6        1.5     0.25   25/46      0.0625      0.5          true        2          2               2       1
            CN           complete 5       5/9         4.5                1            9        1.8     0.21   21/46      0.042       0.3          true        1          1               1       2
        """,  # noqa: E501
    },
}

# 1: domestic. 2: led by the US with China. 3: a single author in both.
# Reading: international is a work that lists a second country, by whichever author.
CASES["international_works"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..3    2010
        """,
        "work_fields": """
            work_id
            1..3
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               1         US
            1       2               2         US
            2       1               3         CN
            2       2               1         US
            3       1               1         US
            3       1               1         CN
        """,
    },
    "parameters": {},
    "expected": {
        "country_years": """
            country_code pub_year n_works n_international
            US           2010     3       2
            CN           2010     1       1
        """,
    },
}

# 2010, five works: 1 CN+US; 2 CN+DE+US; 3 US twice; 4 nowhere; 5 CN. Listing US: 3, CN: 3, DE: 1.
#   CN–US: 2 works, 1 + 1/3, affinity 2·5/(3·3). With DE: 1 work, 1/3, affinity 1·5/(3·1).
# 2011: 7, one author in both countries; 9, without country. CN–US: affinity 1·2/(1·1).
# Work 6 is of 2022, 8 outside the field, 9 has more than 3 authors: none of their author pairs.
# Author 1 has two rows on work 2: one work still. An author twice on a list (work 3), or
#   without id (work 4), has no edge.
CASES["who_works_with_whom"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..5    2010
            6       2022
            7       2011
            8       2010
            9       2011
            10      2012
        """,
        "work_fields": """
            work_id
            1..7
            9..10
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code
            1       1               2         20             CN
            1       2               1         10             US
            2       1               2         20             CN
            2       2               3         30             DE
            2       3               1         10             US
            2       3               1         11             US
            3       1               1         10             US
            3       1               1         11             US
            3       2               1         11             US
            4       1               2         null           null
            4       2               null      null           null
            4       3               null      null           null
            5       1               2         20             CN
            6       1               2         20             CN
            6       2               1         10             US
            7       1               1         10             US
            7       1               1         20             CN
            8       1               1         10             US
            8       2               3         30             DE
            9       1               1         null           null
            9       2               2         null           null
            9       3               3         null           null
            9       4               4         null           null
            10      1               1         null           null
            10      2               2         null           null
        """,
    },
    "parameters": {"max_team": 3},
    "expected": {
        "collaboration_edges": """
            pub_year country_a country_b n_works n_works_fractional affinity
            2010     CN        DE        1       1/3                5/3
            2010     CN        US        2       4/3                10/9
            2010     DE        US        1       1/3                5/3
            2011     CN        US        1       1.0                2.0
        """,
        "coauthor_edges": """
            author_a author_b first_year last_year n_works
            1        2        2010       2012      3
            1        3        2010       2010      1
            2        3        2010       2010      1
        """,
    },
}

# c2: institution 10 has 2 (work 1); 11 and 20 have 1 each, both leading work 2; 12 has 0 and falls below the
#   cut.
# Work 4 is of 1999, work 5 is led without an institution.
CASES["top_institutions"] = {
    "canonical": {
        "works": """
            work_id  pub_year
            1..3     2010
            4        1999
            5        2010
            901..902 2011
            903..905 2000
        """,
        "work_fields": """
            work_id
            1..5
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code
            1       1               1         10             US
            2       1               2         11             US
            2       1               2         20             CN
            3       1               3         12             US
            4       1               4         13             US
            5       1               5         null           FR
        """,
        "citations": """
            citing_work_id cited_work_id
            901..902       1
            901            2
            903..905       4
            901..902       5
        """,
    },
    "parameters": {"top_n": 3},
    "expected": {
        "top_institutions": """
            rank institution_id name           country_code total_c2
            1    10             Institution_10 US           2
            2    11             Institution_11 US           1
            3    20             Institution_20 CN           1
        """,
    },
}

# 1: all known. 2: the last author's country unknown, no references, Chinese. 3: a cut list, language unknown.
# 4: no authors: no country of theirs is known. 5: before the period.
CASES["coverage"] = {
    "canonical": {
        "works": """
            work_id pub_year n_authors n_references language
            1       2010     1         2            en
            2       2010     2         0            zh
            3       2010     5000      1            null
            4       2010     0         0            en
            5       1999     1         3            en
        """,
        "work_fields": """
            work_id
            1..5
        """,
        "authorships": """
            work_id author_position author_id country_code is_last
            1       1               1         US           true
            2       1               2         CN           false
            2       2               3         null         true
            3       1               1         US           null
            5       1               1         US           true
        """,
    },
    "parameters": {},
    "expected": {
        "coverage_years": """
            pub_year n_field_works share_lead_country share_all_countries share_references share_english
            2010     4             1/4                1/4                 1/2              1/2
        """,
        "coverage_country_years": """
            pub_year country_code n_field_works share_lead_country share_all_countries share_references share_english
            2010     CN           1             0.0                0.0                 0.0              0.0
            2010     US           2             1/2                1/2                 1.0              1/2
        """,
    },
}

# From the US to CN in 2011: authors 1 to 4. Led works decide what is at the top: 21 with 4 citations, 11 with 3, 22
#   with 2: the top 2 are 21 and 11.
# 1: left 11, hired by 21 and 22. 2: left 12 and, in a second work, 11; hired by 23. 3: no field work tells the
#   institution left, the work outside the field names 11; hired by 22. 4: left 13, hired by 21; goes back in 2012,
#   which is no entry.
# Left: 1 and 2 of 1, 2, 4. Hired: 1 and 4 of all. Wilson's upper end for 2 of 3 with z = 1.959964:
#   (2/3 + z²/6 + z √(2/27 + z²/36)) ÷ (1 + z²/3).
CASES["elite_mobility"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..6    2010
            11..14  2011
            20..23  2011
            30..31  2012
            40..48  2012
        """,
        "work_fields": """
            work_id
            1..5
            11..14
            20..23
            30..31
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code
            1       1               1         11             US
            2       1               2         12             US
            3       1               2         11             US
            3       2               9         11             US
            4       1               3         null           US
            5       1               4         13             US
            6       1               3         11             US
            11      1               1         22             CN
            11      1               1         21             CN
            12      1               2         23             CN
            13      1               3         22             CN
            14      1               4         21             CN
            20      1               1         21             CN
            21      1               2         23             CN
            22      1               3         22             CN
            23      1               9         11             US
            30      1               4         13             US
            31      1               3         22             CN
        """,
        "citations": """
            citing_work_id cited_work_id
            40..43         20
            40..42         23
            40..41         22
        """,
    },
    "parameters": {"top_n": 2},
    "expected": {
        "top_institutions": """
            rank institution_id total_c2
            1    21             4
            2    11             3
        """,
        "elite_mobility": """
            origin_country destination_country n_moves n_left_known n_left_top share_left_top share_left_top_high n_hired_known n_hired_top share_hired_top
            US             CN                  4       3            2          2/3            0.938508055279604   4             2           1/2
        """,  # noqa: E501
    },
}

# Led by the US: 1 (team 2), 2 (4) and 3 (3) with China; 4 (alone), 5 (2, partner unknown), 6 (2, with GB)
#   without.
# 7: led by China with the US. 8: led from both, with GB: out for US–CN, in for US–GB. 9: led by the US and
#   DE, with CN.
# 10: before the period. Teams:
#   US, CN: 2010 [2 4], 2011 [3 2], pooled [2 2 3 4]: quartiles at ranks 0.75, 1.5, 2.25 from 0: 2, 2.5, 3.25.
#   US, no CN: [1 2 2]. CN, US: [2]. CN, no US: none.
#   US, GB: [2 2]. US, no GB: 2010 [1 2 2 4], 2011 [2 3], pooled [1 2 2 2 3 4]: ranks 1.25, 2.5, 3.75: 2, 2,
#     2.75.
CASES["kinds_of_works"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..2    2010
            3       2011
            4..6    2010
            7       2011
            8       2010
            9       2011
            10      1999
        """,
        "work_fields": """
            work_id
            1..10
        """,
        "authorships": """
            work_id author_position author_id country_code
            1       1               2         CN
            1       2               1         US
            2       1..2            2         CN
            2       3               3         null
            2       4               1         US
            3       1               2         CN
            3       2..3            1         US
            4       1               1         US
            5       1               3         null
            5       2               1         US
            6       1               4         GB
            6       2               1         US
            7       1               1         US
            7       2               2         CN
            8       1               4         GB
            8       2               5         US
            8       2               5         CN
            9       1               2         CN
            9       2               6         US
            9       2               6         DE
            10      1               2         CN
            10      2               1         US
        """,
    },
    "parameters": {"pairs": [("US", "CN"), ("US", "GB")]},
    "expected": {
        "kinds_of_works": """
            lead_country partner_country collaborates pub_year n_works mean_team team_q1 team_median team_q3
            US           CN              true         2010     2       3.0       2.5     3.0         3.5
            US           CN              true         2011     2       2.5       2.25    2.5         2.75
            US           CN              true         null     4       2.75      2.0     2.5         3.25
            US           CN              false        2010     3       5/3       1.5     2.0         2.0
            US           CN              false        null     3       5/3       1.5     2.0         2.0
            CN           US              true         2011     1       2.0       2.0     2.0         2.0
            CN           US              true         null     1       2.0       2.0     2.0         2.0
            US           GB              true         2010     2       2.0       2.0     2.0         2.0
            US           GB              true         null     2       2.0       2.0     2.0         2.0
            US           GB              false        2010     4       2.25      1.75    2.0         2.5
            US           GB              false        2011     2       2.5       2.25    2.5         2.75
            US           GB              false        null     6       7/3       2.0     2.0         2.75
        """,
    },
}

# Ten field works of 2010 with 9, 2, 0, … citations and ten of 2011 uncited: k = 0.1 of 2010 falls on work 1 alone,
#   which weighs 0.1; 2011 has no hits. Institutions 11 (9 citations) and 21 (2) are the top 2.
# US, CN: 1 (11, hit) and 5 (12) of 2010, 11 (none) of 2011. US, no CN: 3 (11) and 4 (none) of 2010, 12 (11) of 2011.
# Top: 1/2 and 2/2; hits over 2010: 0.1/2 and 0/2. Teams: 2, 2, 3 and 1, 1, 1. CN, no US: 2 (21). The rest is of DE.
CASES["kinds_of_works_at_the_top"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..10   2010
            11..20  2011
            31..39  2012
        """,
        "work_fields": """
            work_id
            1..20
        """,
        "authorships": """
            work_id author_position author_id institution_id country_code
            1       1               2         21             CN
            1       2               1         11             US
            2       1               2         21             CN
            3       1               1         11             US
            4       1               1         null           US
            5       1               2         21             CN
            5       2               1         12             US
            11      1..2            2         21             CN
            11      3               1         null           US
            12      1               1         11             US
            6..10   1               3         31             DE
            13..20  1               3         31             DE
        """,
        "citations": """
            citing_work_id cited_work_id
            31..39         1
            31..32         2
        """,
    },
    "parameters": {"top_n": 2, "last_full_year": 2012},
    "expected": {
        "kinds_of_works": """
            lead_country collaborates pub_year n_with_institution share_top_institution hit_rate is_complete difference top_difference team_difference
            US           true         2010     2                  1/2                   1/20     true        null       null           null
            US           true         2011     0                  null                  null     false       null       null           null
            US           true         null     2                  1/2                   1/20     false       1/20       -1/2           4/3
            US           false        2010     1                  1                     0        true        null       null           null
            US           false        2011     1                  1                     null     false       null       null           null
            US           false        null     2                  1                     0        false       1/20       -1/2           4/3
            CN           false        2010     1                  1                     0        true        null       null           null
            CN           false        null     1                  1                     0        true        null       null           null
        """,  # noqa: E501
    },
}

# Nobody works in the field: careers are still told, everything else is empty.
CASES["no_field_works"] = {
    "canonical": {
        "works": """
            work_id pub_year
            1..3    2010
        """,
        "work_fields": """
            work_id field_id
            1..3    2
        """,
        "authorships": """
            work_id author_position author_id country_code
            1..3    1               1         US
            1..3    2               2         null
        """,
        "citations": """
            citing_work_id cited_work_id
            1              2
        """,
    },
    "parameters": {},
    "expected": {
        "field_works": "work_id",
        "led_works": "work_id",
        "scientists": "author_id",
        "author_country_years": """
            author_id pub_year country_code n_works n_field_works is_primary is_primary_in_field
            1         2010     US           3       0             true       false
        """,
        "country_spells": """
            author_id spell country_code start_year end_year n_works
            1         1     US           2010       2010     3
        """,
        "migrations": "author_id",
        "citation_windows": "work_id",
        "collaboration_edges": "pub_year",
        "coauthor_edges": "author_a",
        "top_institutions": "rank",
        "country_years": "country_code",
        "country_totals": "country_code",
        "coverage_years": "pub_year",
        "coverage_country_years": "pub_year",
        "migration_flows": "origin_country",
        "kinds_of_works": "lead_country",
    },
}

# Work 1: author 1 from the US and, a second affiliation, from China; author 2 from China: the US counts for 2 alone,
#   China for both. 2: an author without id in Germany is another one. 3: author 1 alone, though twice on the list.
#   4: the other of unknown country, for whom author 1 is in the US. 5: outside the field. 6: two from one country.
# Author 3 is no scientist.
CASES["partners_of_scientists"] = {
    "canonical": {
        "works": "work_id pub_year\n1..5 2010\n6 2011",
        "work_fields": "work_id field_id\n1..4 1\n5 2\n6 1",
        "authorships": """
            work_id author_position author_id institution_id country_code
            1       1               1         10             US
            1       1               1         20             CN
            1       2               2         20             CN
            2       1               1         10             US
            2       2               null      30             DE
            2       3               3         20             CN
            3       1               1         10             US
            3       2               1         20             CN
            4       1               1         10             US
            4       2               2         null           null
            5       1               1         10             US
            5       2               2         20             CN
            6       1               1         10             US
            6       2               2         11             US
        """,
    },
    "parameters": {},
    "expected": {
        "scientists": "author_id n_works n_field_works\n1 6 5\n2 4 3",
        "scientist_partner_years": """
            author_id pub_year partner_country n_field_works
            1         2010     CN              2
            1         2010     DE              1
            1         2011     US              1
            2         2010     US              2
            2         2010     CN              1
            2         2011     US              1
        """,
    },
}
