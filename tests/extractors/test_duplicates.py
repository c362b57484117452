from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.duplicates import SHORT, SignatureError, groups, signature, similarity

WORDS = [f"ord{number}" for number in range(3000)]
NEWS = " ".join(WORDS[:200])


def text(seed: int, length: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def changed(words: list[str], places: int) -> list[str]:
    """So many words replaced, far from each other: each changes five shingles."""
    step = len(words) // (places or 1)
    return [f"nyt{at}" if places and at % step == step // 2 else word for at, word in enumerate(words)]


def jaccard(one: list[str], other: list[str]) -> float:
    first, second = ({tuple(words[at : at + 5]) for at in range(len(words) - 4)} for words in (one, other))
    return len(first & second) / len(first | second)


def test_case_punctuation_and_blanks_make_no_other_text() -> None:
    assert signature(NEWS) == signature(NEWS.upper().replace(" ", ",  \n"))
    assert signature("Vækst, i dag!") == signature("vækst i dag") != signature("vækst i går")


def test_a_signature_is_the_same_in_every_process() -> None:
    code = "from extractors.duplicates import signature; print(signature(' '.join(map(str, range(99)))).hex())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert bytes.fromhex(told) == signature(" ".join(map(str, range(99))))


def test_signatures_have_two_lengths() -> None:
    words = NEWS.split()
    assert [len(signature(" ".join(words[:length]))) for length in (0, 1, SHORT - 1, SHORT, 200)] == [
        16, 16, 16, 528, 528,
    ]  # fmt: skip


def test_near_copies_have_the_smallest_id_as_their_witness() -> None:
    original = text(1)
    signatures = {
        "d": signature(" ".join(original)),
        "b": signature(" ".join(changed(original, 2))),
        "c": signature(" ".join(original[:190])),
        "a": signature(" ".join(text(2))),
        "e": signature(" ".join(changed(original, 40))),
    }
    assert groups(signatures) == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "e"}


def test_short_texts_are_one_only_when_equal() -> None:
    words = NEWS.split()[: SHORT - 1]
    signatures = {
        "a": signature(" ".join(words)),
        "b": signature(" ".join(words).title() + "."),
        "c": signature(" ".join(words[:-1])),
        "d": signature(""),
        "e": signature("  "),
    }
    assert groups(signatures) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "d"}


def test_groups_do_not_creep_along_a_chain() -> None:
    first = text(3, 400)
    middle = changed(first, 6)
    last = [*changed(middle[:200], 3), *changed(middle[200:], 4)]
    chain = {name: signature(" ".join(words)) for name, words in zip("abc", (first, middle, last), strict=True)}
    assert [similarity(chain["a"], chain["b"]) >= 0.8, similarity(chain["b"], chain["c"]) >= 0.8] == [True, True]
    assert similarity(chain["a"], chain["c"]) < 0.8
    assert groups(chain) == {"a": "a", "b": "a", "c": "c"}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=12), st.randoms())
def test_groups_depend_on_nothing_but_the_signatures(made: list[tuple[int, int]], chance: random.Random) -> None:
    signatures = {
        f"{at:02}": signature(" ".join(changed(text(seed), places))) for at, (seed, places) in enumerate(made)
    }
    found = groups(signatures)
    shuffled = list(signatures.items())
    chance.shuffle(shuffled)
    assert groups(dict(shuffled)) == found
    assert all(found[witness] == witness <= name for name, witness in found.items())
    assert all(similarity(signatures[name], signatures[witness]) >= 0.8 for name, witness in found.items())


def test_of_perturbed_copies_nearly_all_are_found_and_nothing_else_is() -> None:
    texts: dict[str, list[str]] = {}
    for seed in range(150):
        original = text(seed, 120 + seed)
        texts[f"{seed:03}a"] = original
        texts[f"{seed:03}b"] = changed(original, seed % 4)
    found = groups({name: signature(" ".join(words)) for name, words in texts.items()})
    copies = [f"{seed:03}" for seed in range(150) if jaccard(texts[f"{seed:03}a"], texts[f"{seed:03}b"]) >= 0.85]
    assert len(copies) > 100
    assert sum(found[f"{name}b"] == f"{name}a" for name in copies) >= 0.99 * len(copies)
    assert all(jaccard(texts[name], texts[witness]) > 0.7 for name, witness in found.items())


@pytest.mark.parametrize("length", [0, 15, 17, 527, 529])
def test_what_is_no_signature_is_an_error(length: int) -> None:
    with pytest.raises(SignatureError, match=f"{length} bytes"):
        groups({"a": bytes(length)})
