"""Growth fitted to synthetic costs whose law is known."""

import numpy as np
import pytest
from bench.growth import Growth, fitted, without_each

SIZES = [125_000, 250_000, 500_000, 1_000_000, 2_000_000]
FULL = 460_000_000


@pytest.mark.parametrize("exponent", [1.0, 1.1, 1.37, 2.0])
@pytest.mark.parametrize("fixed", [0.0, 30.0])
def test_a_known_law_is_found(fixed: float, exponent: float) -> None:
    law = Growth(fixed, 200 / 2_000_000**exponent, exponent)
    found = fitted(SIZES, [law.at(size) for size in SIZES])
    assert found.exponent == pytest.approx(exponent)
    assert found.fixed == pytest.approx(fixed, abs=1e-3)
    assert found.at(FULL) == pytest.approx(law.at(FULL), rel=1e-3)


def test_a_cost_that_is_always_there_does_not_pass_for_slow_growth() -> None:
    costs = [75 + 40 * size / 1_000_000 for size in SIZES]
    naive, at = np.polyfit(np.log(SIZES), np.log(costs), 1)
    assert naive < 0.3, "on a log-log line the cost seems to grow with the cube root"
    assert np.exp(at) * FULL**naive < 1_000
    assert fitted(SIZES, costs).at(FULL) == pytest.approx(75 + 40 * 460, rel=1e-3)


def test_what_grows_slower_than_in_proportion_is_projected_in_proportion_at_least() -> None:
    found = fitted(SIZES, [float(np.sqrt(size)) for size in SIZES])
    assert found.exponent == 1.0
    assert found.at(FULL) > np.sqrt(FULL)


def test_noise_widens_the_range_and_the_law_lies_in_it() -> None:
    law = Growth(20.0, 1e-4, 1.0)
    exact = [law.at(size) for size in SIZES]
    noisy = [cost * factor for cost, factor in zip(exact, (1.04, 0.97, 1.03, 0.96, 1.02), strict=True)]

    def spread(costs: list[float]) -> tuple[float, float]:
        projected = [curve.at(FULL) for curve in without_each(SIZES, costs)]
        assert len(projected) == 1 + len(SIZES)
        return min(projected), max(projected)

    low, high = spread(noisy)
    assert low <= law.at(FULL) * 1.01 <= high * 1.01
    assert high / low > 1.05
    low, high = spread(exact)
    assert high / low == pytest.approx(1.0, abs=1e-3)


def test_order_of_measurements_changes_nothing() -> None:
    costs = [12.0, 19.5, 41.0, 77.0, 170.0]
    assert fitted(SIZES[::-1], costs[::-1]) == fitted(SIZES, costs)


def test_nothing_costs_nothing() -> None:
    assert fitted(SIZES, [0.0] * 5).at(FULL) == 0.0


def test_two_sizes_are_too_few() -> None:
    with pytest.raises(ValueError, match="2 sizes"):
        fitted(SIZES[:2], [1.0, 2.0])
