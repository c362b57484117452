"""Names of projects: quoted, announced by a word such as "projektet" or "hedder", or introduced as a subject.

A name in quotes counts wherever it begins with a capital and is no speech; without quotes it must stand beside a word
that announces it, and it never takes in a body that the gazetteer knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

NAME = "samspil_projects"
MAX_WORDS = 9  # a longer quotation is speech

KIND = (
    r"(?:projekt(?:et)?|program(?:met)?|initiativ(?:et)?|satsning(?:en)?|indsats(?:en)?|kampagnen?|partnerskab(?:et)?|"
    r"netværk(?:et)?|forløb(?:et)?|puljen?|aftalen?|konsorti(?:um|et)|samarbejde[t]?|ordning(?:en)?|planen?)"
)
"""The words for a joint undertaking; compounds of them count too ("turismeprojektet")."""

_OPEN, _CLOSE = "[\"“”„»«'‘’¿]", "[\"“”„»«'‘’¿]"
_QUOTED = rf"(?<!\w){_OPEN}((?=[A-ZÆØÅ0-9])[^\"“”„»«'‘’¿\n.!?;:]{{2,79}}(?<![\s,])){_CLOSE}(?![\w])"
_CAP = r"[A-ZÆØÅ][\w&+\-]*(?:\.\w+)?"
_NAMED = rf"({_CAP}(?:[ ](?:(?:i|og|for|til|på|med|mod|af|fra|om|–|-|&)[ ])?[A-ZÆØÅ0-9][\w&+\-]*){{0,6}})"
_LONG = (
    rf"({_CAP}(?:[ ](?:(?:i|for|til|på|med|mod|af|fra)[ ])?[A-ZÆØÅ0-9][\w&+\-]*){{1,6}}|"
    r"[A-ZÆØÅ][a-zæøå]+-?[A-ZÆØÅ][\w\-]+|[A-ZÆØÅ]{2,}-[A-ZÆØÅ][\w\-]+)"
)
_UNUSUAL = (
    rf"({_CAP}[ ](?:i|for|til|på|med|mod|af|fra)[ ]{_CAP}(?:[ ]{_CAP})?|"
    r"[A-ZÆØÅ][a-zæøå]+-?[A-ZÆØÅ][\w\-]+(?:[ ][A-ZÆØÅ][\w\-]*)?|[A-ZÆØÅ]{2,}-[A-ZÆØÅ][\w\-]+)"
)  # no person is called so
_START = r"(?:^|(?<=[.!?:] ))"
_SUBJECT = rf"({_CAP}(?:[ ](?:(?:i|for|til|på|med|mod|af|fra)[ ])?[A-ZÆØÅ0-9][\w&+\-]*){{0,6}}?)"
_ANNOUNCED = (
    re.compile(rf"\b(?i:\w*{KIND}|eksemplet)(?: (?:med titlen|kaldet|ved navn|om|,))?[ ]{_NAMED}"),
    re.compile(rf"\b(?:hedder|kaldes|kaldet|døbt|ved navn|under navnet|med titlen|under overskriften)[ ]{_NAMED}"),
    re.compile(
        rf"\b(?:sammen om|søsætter|søsat|oprette[rt]?|etablere[rt]?|danne[rt]|lancere[rt]|stifte[rt])[ ]{_NAMED}"
    ),
    re.compile(rf"\b[Bb]ag[ ]{_NAMED}(?=[ ]står\b)"),
    re.compile(rf"\bstår (?:sammen )?bag[ ]{_NAMED}"),
    re.compile(rf"\b(?:[Oo]m|begyndt|deltager i|partnere? i)[ ]{_LONG}"),
    re.compile(
        rf"{_START}{_SUBJECT}(?=[ ](?:i [A-ZÆØÅ]\w+ )?er (?:navnet på )?"
        rf"(?:(?:et|en|den|det)\b[^.]{{0,40}}\b(?i:\w*{KIND})|drevet af\b))"
    ),
    re.compile(rf"{_START}{_UNUSUAL}(?=[ ](?:er|skal|har|samler|sluttede|begyndte|løber|åbner|blev)\b)"),
)
_COMPOUND = re.compile(
    r"\b([A-ZÆØÅ]\w*(?:[ -][A-ZÆØÅ0-9]\w*){0,3}-(?:projektet|samarbejdet|programmet|initiativet|partnerskabet))\b"
)
_FUNCTION_WORD = re.compile(
    r"^(?:Alle|Af|At|Bag|Både|Da|De|Den|Denne|Der|Derfor|Dermed|Desuden|Det|Dette|Disse|Efter|En|Et|For|Fra|Han|Her|"
    r"Herefter|Hun|Hver|Hvis|I|Ifølge|Ingen|Man|Med|Men|Mens|Nu|Når|Og|Også|Om|Over|På|Samt|Selv|Siden|Som|Så|Til|"
    r"Under|Ved|Vi|Interreg|Regionalfonden|Socialfonden|EU)$"
)
_YEAR = re.compile(r"^(?:19|20)\d{2}(?:[-–]\d{2,4})?$|^[-–]$")
_IS_KIND = re.compile(rf"(?i)^\w*{KIND}(?:ne|n|t|s)?$")


@Language.component(NAME)
def find_projects(doc: Doc) -> Doc:
    """Add PROJECT entities; a name in quotes wins over what was found in it, any other stands back for a known body."""
    quoted = [span for span in _spans(doc, (re.compile(_QUOTED),)) if len(span.text.split()) <= MAX_WORDS]
    found = [span for span in quoted if not _within(span, doc)]
    for span in map(_bare, _spans(doc, (*_ANNOUNCED, _COMPOUND))):
        if span is not None and not any(_overlap(span, one) for one in (*filter(_stands, doc.ents), *found)):
            found.append(span)
    if found:
        kept = [entity for entity in doc.ents if not any(_overlap(entity, span) for span in found)]
        doc.ents = filter_spans([*found, *kept])
    return doc


def _stands(entity: Span) -> bool:
    """Whether an entity is surer than a rule: a known body, a person, or what is told to be a project."""
    return bool(entity.ent_id_) or entity.label_ in ("PER", "PROJECT")


def _spans(doc: Doc, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Span]:
    text = doc.text  # made anew from all tokens each time it is asked for
    for pattern in patterns:
        for match in pattern.finditer(text):
            span = doc.char_span(*match.span(1), label="PROJECT", alignment_mode="contract")
            if span is not None:
                yield span


def _bare(span: Span) -> Span | None:
    """The name without function words in front ("Når Femern"); None when a common noun is left."""
    while len(span) and _FUNCTION_WORD.match(span[0].text) and not _is_article(span):
        if len(span) == 1:
            return None
        span = Span(span.doc, span.start + 1, span.end, label="PROJECT")
    while len(span) > 1 and _YEAR.match(span[-1].text):
        span = Span(span.doc, span.start, span.end - 1, label="PROJECT")
    if not span.text[0].isupper() or _IS_KIND.match(span.text):
        return None
    return span


def _is_article(span: Span) -> bool:
    """Whether the first word is an article within a sentence, part of the name ("til Det Interaktive Hus")."""
    return span[0].text in ("De", "Den", "Det") and len(span) > 1 and not span[0].is_sent_start


def _within(span: Span, doc: Doc) -> bool:
    """Whether a quoted name is part of a longer one, or itself that of a known body."""
    return any(
        entity.start <= span.start and span.end <= entity.end and (len(span) < len(entity) or _stands(entity))
        for entity in doc.ents
    )


def _overlap(left: Span, right: Span) -> bool:
    return left.start < right.end and right.start < left.end
