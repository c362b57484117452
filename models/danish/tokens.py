"""The Danish tokenizer: legal forms and abbreviations stay whole, an apostrophe comes off an s."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

_MUTUAL = [first + rest for first in "AFSVafsv" for rest in (".M.B.A.", ".m.b.a.", ".m.b.A.")]  # "A.m.b.A."
_DOTTED = (*_MUTUAL, "m.fl.", "mfl.", "afd.", "Afd.", "adm.", "Brdr.", "Co.", "Eft.", "Ltd.", "e.V.")
_SLASHED = ("A/S", "A/s", "a/s", "I/S", "K/S", "P/S", "S/I")
_CLOSING = ("A/S", "ApS", "APS", "I/S", "K/S", "P/S", "IVS")  # forms whose full stop ends the sentence
_JOINED = (
    r"[|¿]",
    r"(?<=[A-ZÆØÅ]{2})\.(?=[A-ZÆØÅ][a-zæøå0-9])",  # "COWI.Dødsfald"
    r"(?<=ApS|A/S)\.(?=[A-ZÆØÅ])",  # "Medizone ApS.Førstnævnte"
    r"(?<=\w)\.?\[(?=\d)",  # "på Samsø.[1]"
    r"(?<=\d)\.(?=[A-ZÆØÅ][a-zæøå])",  # "den 4.Mahmoud"
    r"(?<=\.),(?=[A-ZÆØÅ])",  # "Komm.,Hørsholm"
)  # what scanned text joins without a space


def danish() -> Language:
    """A blank pipeline with our tokenizer."""
    return with_our_words(spacy.blank("da"))


def with_our_words(nlp: Language) -> Language:
    """The pipeline, whose tokenizer now cuts as ours does. An apostrophe may close a quotation ("'Havets Hus'")."""
    infixes = compile_infix_regex([*(nlp.Defaults.infixes or ()), *_JOINED])
    nlp.tokenizer.infix_finditer = infixes.finditer  # type: ignore[union-attr]
    prefixes = compile_prefix_regex([*(nlp.Defaults.prefixes or ()), r"/(?=[A-Za-zÆØÅæøå]{2,4}$)"])  # "/klh"
    nlp.tokenizer.prefix_search = prefixes.search  # type: ignore[union-attr]
    suffixes = compile_suffix_regex([*(nlp.Defaults.suffixes or ()), r"(?<=[sSxXzZ])['’]"])
    nlp.tokenizer.suffix_search = suffixes.search  # type: ignore[union-attr]
    for word in (*_DOTTED, *_SLASHED):
        nlp.tokenizer.add_special_case(word, [{"ORTH": word}])  # type: ignore[union-attr]
    for form in _CLOSING:
        nlp.tokenizer.add_special_case(f"{form}.", [{"ORTH": form}, {"ORTH": "."}])  # type: ignore[union-attr]
    return nlp
