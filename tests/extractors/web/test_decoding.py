from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.web.decoding import CapError, DecodingError, gunzip, plain

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-Gzip": lambda body: gzip.compress(body[: len(body) // 2]) + gzip.compress(body[len(body) // 2 :]),
    "deflate": zlib.compress,
    " Deflate ": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),
}


@given(st.binary(max_size=3000), st.sampled_from(sorted(CODINGS)), st.integers(1, 500))
def test_a_body_is_the_same_whatever_its_coding_and_pieces(body: bytes, coding: str, size: int) -> None:
    coded = CODINGS[coding](body)
    pieces = [coded[start : start + size] for start in range(0, len(coded), size)]
    assert plain(pieces, coding, cap=4000) == body


@given(st.binary(min_size=1, max_size=500), st.integers(1, 200))
def test_compressed_data_that_breaks_off_is_an_error(body: bytes, missing: int) -> None:
    coded = gzip.compress(body)
    with pytest.raises(DecodingError):
        gunzip(coded[: max(len(coded) - missing, 1)], cap=4000)


def test_padding_behind_a_gzip_file_does_not_matter_and_garbage_does() -> None:
    assert gunzip(gzip.compress(b"hej") + bytes(64), cap=100) == b"hej"
    with pytest.raises(DecodingError):
        gunzip(gzip.compress(b"hej") + b"garbage", cap=100)


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_the_cap_holds_for_every_coding(coding: str) -> None:
    coded = CODINGS[coding](b"x" * 1000)
    assert plain([coded], coding, cap=1000) == b"x" * 1000
    assert plain([coded], coding, cap=1000, cut=True) == b"x" * 1000
    assert len(plain([coded], coding, cap=999, cut=True)) == 999
    with pytest.raises(CapError):
        plain([coded], coding, cap=999)


def test_a_bomb_stops_at_the_cap_without_being_unpacked() -> None:
    bomb = gzip.compress(bytes(100 << 20), 1)
    tracemalloc.start()
    with pytest.raises(CapError):
        gunzip(bomb, cap=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "æ"])
def test_an_unknown_coding_is_an_error(coding: str) -> None:
    with pytest.raises(DecodingError):
        plain([b"x"], coding, cap=100)
