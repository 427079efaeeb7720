# ruff: noqa: E501  (catalogues: one entry a line)
"""Countries of the simulated world: share of new authors at the start and at the end, ancestries, cities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One country: its share (unnormalised) of the authors who start in 1990 and in 2020, and who they are."""

    code: str
    name: str
    early: float
    late: float
    ancestry: dict[str, float]
    cities: tuple[str, ...]


def _countries() -> tuple[Country, ...]:
    rows = []
    for line in _TABLE.strip().splitlines():
        code, name, early, late, ancestry, cities = (cell.strip() for cell in line.split("|"))
        shares = {part.split(":")[0]: float(part.split(":")[1]) for part in ancestry.split()}
        rows.append(Country(code, name, float(early), float(late), shares, tuple(cities.split(", "))))
    return tuple(rows)


_TABLE = """
US|United States|300|190|anglo:52 chinese:14 indian:11 hispanic:8 german:7 slavic:4 persian:2 korean:2|Boston, Berkeley, Pittsburgh, Austin, Seattle, Chicago, Atlanta, Princeton, Madison, San Diego
CN|China|18|260|chinese:97 korean:1 anglo:2|Beijing, Shanghai, Hangzhou, Nanjing, Wuhan, Xi'an, Guangzhou, Chengdu, Harbin, Hefei
GB|United Kingdom|75|55|anglo:66 indian:11 chinese:8 german:6 hispanic:4 arabic:5|London, Cambridge, Oxford, Edinburgh, Manchester, Leeds
DE|Germany|65|52|german:78 turkish:5 slavic:7 chinese:5 indian:5|Berlin, Munich, Aachen, Heidelberg, Dresden, Bonn
FR|France|52|38|french:80 arabic:10 chinese:4 hispanic:6|Paris, Lyon, Grenoble, Toulouse, Rennes
CA|Canada|38|34|anglo:50 french:16 chinese:16 indian:10 persian:8|Toronto, Montreal, Vancouver, Waterloo, Edmonton
JP|Japan|70|38|japanese:96 chinese:4|Tokyo, Kyoto, Osaka, Sendai, Nagoya
IN|India|18|60|indian:100|Bangalore, Delhi, Mumbai, Chennai, Kanpur, Kharagpur
KR|South Korea|8|34|korean:98 chinese:2|Seoul, Daejeon, Pohang, Suwon
AU|Australia|18|30|anglo:60 chinese:20 indian:12 persian:8|Sydney, Melbourne, Brisbane, Canberra
IT|Italy|34|34|italian:97 indian:3|Rome, Milan, Bologna, Turin, Padua
ES|Spain|18|30|hispanic:97 arabic:3|Madrid, Barcelona, Valencia, Granada
NL|Netherlands|22|18|dutch:74 german:9 indian:7 chinese:10|Amsterdam, Delft, Utrecht, Leiden
CH|Switzerland|15|14|german:60 french:22 italian:18|Zurich, Lausanne, Geneva
SE|Sweden|14|13|nordic:82 persian:8 indian:10|Stockholm, Gothenburg, Uppsala
SG|Singapore|3|11|chinese:74 indian:18 anglo:8|Singapore
HK|Hong Kong|3|10|chinese:94 anglo:6|Hong Kong
TW|Taiwan|10|20|chinese:100|Taipei, Hsinchu, Tainan
BR|Brazil|6|24|hispanic:84 italian:8 japanese:4 german:4|São Paulo, Rio de Janeiro, Campinas
RU|Russia|24|20|slavic:100|Moscow, Saint Petersburg, Novosibirsk
PL|Poland|10|14|slavic:100|Warsaw, Kraków, Wrocław
IL|Israel|14|9|hebrew:92 slavic:8|Haifa, Tel Aviv, Jerusalem
IR|Iran|1.5|22|persian:100|Tehran, Isfahan, Shiraz
TR|Turkey|3|14|turkish:100|Istanbul, Ankara, Izmir
AT|Austria|8|8|german:90 slavic:10|Vienna, Graz
BE|Belgium|10|8|dutch:58 french:42|Leuven, Ghent, Brussels
DK|Denmark|8|9|nordic:94 german:6|Copenhagen, Aarhus
FI|Finland|8|7|nordic:100|Helsinki, Espoo
NO|Norway|6|7|nordic:95 chinese:5|Oslo, Trondheim
GR|Greece|5|6|greek:100|Athens, Thessaloniki
PT|Portugal|3|8|hispanic:100|Lisbon, Porto
MX|Mexico|3|9|hispanic:100|Mexico City, Monterrey
SA|Saudi Arabia|0.8|12|arabic:82 indian:10 chinese:8|Thuwal, Riyadh
EG|Egypt|2|9|arabic:100|Cairo, Alexandria
MY|Malaysia|0.8|10|malay:62 chinese:28 indian:10|Kuala Lumpur, Penang
VN|Vietnam|0.3|7|vietnamese:100|Hanoi, Ho Chi Minh City
"""

COUNTRIES = _countries()
CODES = tuple(country.code for country in COUNTRIES)
INDEX = {code: i for i, code in enumerate(CODES)}


def pair(text: str) -> tuple[int, int]:
    """Indexes of the two countries of a pair written "US>CN"."""
    first, second = text.split(">")
    return INDEX[first], INDEX[second]
