"""Reproducible randomness: generators and hashes keyed by what they are for, never by the order of calls."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def seed_of(*key: object) -> int:
    """A 64-bit seed from any key of printable parts."""
    text = "\x1f".join(str(part) for part in key)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def generator(*key: object) -> np.random.Generator:
    """A random generator of its own for one key, such as (seed, purpose, year)."""
    return np.random.Generator(np.random.PCG64(seed_of(*key)))


def hashed(values: IntArray, *key: object) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each integer (splitmix64), independent between keys."""
    with np.errstate(over="ignore"):
        mixed = values.astype(np.uint64) * _GOLDEN + np.uint64(seed_of(*key))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return mixed ^ (mixed >> np.uint64(31))


def uniform(values: IntArray, *key: object) -> FloatArray:
    """A number in [0, 1) for each integer, by hashing: the same whatever else is drawn."""
    return (hashed(values, *key) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
_MASK = (1 << 64) - 1


def _rotl(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _round(lane: int, word: int) -> int:
    return (_rotl((lane + word * _P2) & _MASK, 31) * _P1) & _MASK


def _stripes(data: bytes, seed: int) -> tuple[int, int]:
    lanes = [(seed + _P1 + _P2) & _MASK, (seed + _P2) & _MASK, seed, (seed - _P1) & _MASK]
    at = 0
    while at + 32 <= len(data):
        for i in range(4):
            lanes[i] = _round(lanes[i], int.from_bytes(data[at + 8 * i : at + 8 * i + 8], "little"))
        at += 32
    state = sum(_rotl(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & _MASK
    for lane in lanes:
        state = ((state ^ _round(0, lane)) * _P1 + _P4) & _MASK
    return state, at


def xxhash64(text: str, seed: int = 42) -> int:
    """XXH64 of the UTF-8 text as a signed 64-bit number: the value of Spark's `xxhash64` of one string."""
    data = text.encode()
    state, at = _stripes(data, seed) if len(data) >= 32 else ((seed + _P5) & _MASK, 0)
    state = (state + len(data)) & _MASK
    while at + 8 <= len(data):
        state ^= _round(0, int.from_bytes(data[at : at + 8], "little"))
        state = (_rotl(state, 27) * _P1 + _P4) & _MASK
        at += 8
    if at + 4 <= len(data):
        state ^= (int.from_bytes(data[at : at + 4], "little") * _P1) & _MASK
        state = (_rotl(state, 23) * _P2 + _P3) & _MASK
        at += 4
    for byte in data[at:]:
        state = (_rotl(state ^ ((byte * _P5) & _MASK), 11) * _P1) & _MASK
    state = ((state ^ (state >> 33)) * _P2) & _MASK
    state = ((state ^ (state >> 29)) * _P3) & _MASK
    state ^= state >> 32
    return state - (1 << 64) if state >> 63 else state
