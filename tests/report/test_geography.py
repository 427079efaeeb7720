"""Places and curves of the map."""

import json

from scholarflow.countries import COUNTRIES
from scholarflow.report.geography import centroids, curve, shapes


def test_countries_lie_where_they_are() -> None:
    places = centroids()
    assert places.keys() <= COUNTRIES.keys()
    assert len(places) > 230
    assert all(-180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude in places.values())
    # The middle of the largest part: not moved by Alaska, Guiana, or by what lies beyond the date line.
    near = {"US": (-99, 40), "CN": (104, 37), "FR": (2, 47), "RU": (100, 62), "SG": (104, 1), "FJ": (178, -18)}
    for code, (longitude, latitude) in near.items():
        assert abs(places[code][0] - longitude) < 2
        assert abs(places[code][1] - latitude) < 2


def test_shapes_are_those_of_the_object_drawn() -> None:
    assert shapes()["objects"].keys() == {"countries"}
    assert "Antarctica" not in json.dumps(shapes())


def test_there_and_back_are_two_curves_between_the_same_places() -> None:
    there, back = curve((0, 0), (40, 0)), curve((40, 0), (0, 0))
    assert (there[0], there[-1]) == ((0, 0), (40, 0)) == (back[-1], back[0])
    assert there[12] == (20, -6.4)  # 0.16 of the way to the right
    assert back[12] == (20, 6.4)


def test_curves_stay_on_the_map() -> None:
    for way in (((-170, 75), (170, 75)), ((170, -55), (-170, -55)), ((178, 0), (178, 60)), ((10, 10), (10, 10))):
        assert all(-180 < longitude < 180 and -60 < latitude < 83 for longitude, latitude in curve(*way))
