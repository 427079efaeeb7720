"""A few led works, shared by the worked examples of country_years and country_totals.

2010: works 1–3 of the US, 2 and 4 of China: 2 is led by both, 1 lists France besides. 2011: work 5, 2012: work 6 of
Kosovo. 7 is before the period. Author 11 is a scientist in both countries in 2010, 12 in the US;
13 is none, and the Chinese works of 14 are outside the field.
"""

LED_WORKS_ROWS = """
    work_id pub_year lead_country
    1       2010     US
    2       2010     US
    2       2010     CN
    3       2010     US
    4       2010     CN
    5       2011     US
    6       2012     XK
    7       1999     US
"""
FIELD_WORKS_ROWS = """
    work_id pub_year lead_countries countries
    1       2010     [US]           [FR,US]
    2       2010     [CN,US]        [CN,US]
    3       2010     [US]           [US]
    4       2010     [CN]           [CN]
    5       2011     [US]           [US]
    6       2012     [XK]           [XK]
    7       1999     [US]           [US]
"""
WINDOWS_ROWS = """
    work_id c2 hit_1pct hit_10pct c2_complete
    1       4  0.25     1         true
    2       4  0.25     1         true
    3       0  0        0         true
    4       2  0        0         true
    5       0  null     null      true
    6       4  0        1         false
    7       50 1        1         true
"""
NOVELTY_ROWS = """
    work_id context_novelty context_hit_1pct content_novelty content_hit_1pct
    1       1.5             0.25             null            null
    2       null            null             6               1
    3       -0.5            0                2               0
    4       2.5             0.5              null            null
    5       null            null             null            null
    6       0.25            1                null            null
    7       9               1                9               1
"""
AUTHOR_COUNTRY_YEARS_ROWS = """
    author_id pub_year country_code n_field_works
    11        2010     US           1
    11        2010     CN           2
    12        2010     US           1
    12        2011     US           1
    13        2010     CN           3
    14        2010     CN           0
    11        2013     US           1
"""
SCIENTISTS_ROWS = "author_id\n11..12\n14"
