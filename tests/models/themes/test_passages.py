from __future__ import annotations

from collections.abc import Callable

import pytest

from models.records import Claim, Corroboration, digest
from models.themes.gold import Passage
from models.themes.passages import MAX_CHARS, passage_digest, passage_of


@pytest.fixture
def claim() -> Callable[..., Claim]:
    """Makes claims that differ in what a passage is made of."""

    def make(title: str, project: str, context: str) -> Claim:
        return Claim(
            "k", "d", "s", title, project, (), "", 0, 0, None, context, (), (), False, False, None, None,
            Corroboration.MENTIONED, 1.0, "x",
        )  # fmt: skip

    return make


def test_a_passage_joins_titles_and_contexts_each_once_in_the_order_of_the_claims(claim: Callable[..., Claim]) -> None:
    claims = [claim("Titel", "NAKUWA", "Først."), claim("Titel", "", "Så."), claim("NAKUWA", "Titel", "Først.")]
    assert passage_of(claims) == Passage("Titel NAKUWA", "Først.\nSå.")
    assert passage_of([]) == Passage("", "")


def test_a_passage_is_no_longer_than_what_the_model_reads_and_one_context(claim: Callable[..., Claim]) -> None:
    contexts = [str(number) * (MAX_CHARS // 2) for number in range(4)]
    passage = passage_of(claim("t" * 200 + context[0], "", context) for context in contexts)
    assert passage.text == "\n".join(contexts[:2])
    assert len(passage.title) == 300


def test_a_passage_is_stored_under_a_digest_of_title_and_text() -> None:
    assert passage_digest(Passage("å", "b")) == digest("å", "b")[:32]
    assert passage_digest(Passage("åb", "")) != passage_digest(Passage("å", "b"))
