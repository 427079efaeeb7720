"""Chance by hashing: numbers that look random and are a function of what they are for alone."""

from typing import Any

import numpy as np


def mixed(bits: Any) -> Any:
    """SplitMix64's finalizer (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195) of each uint64."""
    with np.errstate(over="ignore"):
        bits = bits + np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return bits ^ (bits >> np.uint64(31))


def bits_of(numbers: Any) -> Any:
    """Whole numbers as what `mixed` takes."""
    return np.asarray(numbers, np.int64).view(np.uint64)


def draws(seed: int, n: int) -> Any:
    """One number for each of n draws, to be combined by ^ with what is drawn for."""
    return mixed(mixed(bits_of([seed])) + np.arange(n, dtype=np.uint64))
