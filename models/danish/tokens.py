"""The Danish tokenizer: legal forms and abbreviations stay whole, an apostrophe comes off an s."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.util import compile_suffix_regex

_DOTTED = ("A.M.B.A.", "F.M.B.A.", "S.M.B.A.", "V.M.B.A.", "a.m.b.a.", "f.m.b.a.", "m.fl.", "mfl.", "afd.", "Afd.")
_SLASHED = ("A/S", "A/s", "a/s", "I/S", "K/S", "P/S", "S/I")
_CLOSING = ("A/S", "ApS", "APS", "I/S", "K/S", "P/S", "IVS")  # forms whose full stop ends the sentence


def danish() -> Language:
    """A blank pipeline with our tokenizer."""
    return with_our_words(spacy.blank("da"))


def with_our_words(nlp: Language) -> Language:
    """The pipeline, whose tokenizer now cuts as ours does. An apostrophe may close a quotation ("'Havets Hus'")."""
    suffixes = compile_suffix_regex([*(nlp.Defaults.suffixes or ()), r"(?<=[sSxXzZ])['’]"])
    nlp.tokenizer.suffix_search = suffixes.search  # type: ignore[union-attr]
    for word in (*_DOTTED, *_SLASHED):
        nlp.tokenizer.add_special_case(word, [{"ORTH": word}])  # type: ignore[union-attr]
    for form in _CLOSING:
        nlp.tokenizer.add_special_case(f"{form}.", [{"ORTH": form}, {"ORTH": "."}])  # type: ignore[union-attr]
    return nlp
