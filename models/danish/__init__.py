"""The Danish pipeline: a spaCy `Language` whose `doc.ents` carry ORG, LOC, PER, PROJECT and MISC.

Rulers know the bodies of the gazetteer and names by their shape; a trained component finds the rest; names of
projects come from both and from what announces them. An entity's `ent_id_` is the id of the body, or of the
collective, it names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import spacy
from spacy.language import Language

from models.danish import bodies, entities, labels, projects
from models.danish.tokens import danish, with_our_words
from models.errors import SamspilError
from models.gazetteer import Gazetteer, load_gazetteer
from models.identity.names import LEGAL_FORMS
from models.paths import DATA

GAZETTEER = DATA / "gazetteer"
ACCURATE, FAST, RULERS = "bundled", "fast", "rulers"
"""Names of our own pipelines, the last without anything learned; any other is that of an installed spaCy pipeline."""

TOGETHER = {ACCURATE: 220, FAST: 40}
"""Words that each of our trained pipelines reads at once."""


class PipelineError(SamspilError):
    """No spaCy pipeline of that name is installed."""


def load_pipeline(name: str = ACCURATE, gazetteer: Gazetteer | None = None) -> Language:
    """Our pipeline, or an installed spaCy pipeline by name with our rulers before its own entity component.

    Raises PipelineError when no pipeline of that name is installed, CardError when the artefact does not fit the code.
    """
    nlp = with_our_words(_blank(name))
    if not nlp.has_pipe("parser") and not nlp.has_pipe("senter"):
        nlp.add_pipe("sentencizer", first=True)
    _add_rulers(nlp, gazetteer or load_gazetteer(GAZETTEER))
    if name in TOGETHER:
        nlp.add_pipe(entities.NAME, config={"artefact": name, "together": TOGETHER[name]}, last=True)
    elif name != RULERS:
        nlp.add_pipe(labels.NAME, last=True)
    nlp.add_pipe(projects.NAME, last=True)
    return nlp


def _blank(name: str) -> Language:
    try:
        return danish() if name in (ACCURATE, FAST, RULERS) else spacy.load(name)
    except OSError as error:
        told = f"{name}: ingen spaCy-pipeline af det navn er installeret; se indstillingen SAMSPIL_PIPELINE"
        raise PipelineError(told) from error


def _add_rulers(nlp: Language, gazetteer: Gazetteer) -> None:
    """The surest first: full names in any case, short names as written, names by their shape."""
    before = "ner" if nlp.has_pipe("ner") else None
    known: bodies.Bodies = nlp.add_pipe(bodies.NAME, before=before)  # type: ignore[assignment]
    for body in gazetteer:
        for name in body.names:
            known.add(name, body.id, exact=name in body.abbreviations or " " not in name)
    for collective in gazetteer.collectives.values():
        for name in collective.names:
            known.add(name, collective.id, exact=False)
    words = tomllib.loads((GAZETTEER / "words.toml").read_text(encoding="utf-8"))
    shapes = nlp.add_pipe("entity_ruler", name="shapes", before=before)
    with nlp.select_pipes(enable=[]):  # patterns are tokenised, nothing more
        shapes.add_patterns(_shapes(words))  # type: ignore[attr-defined]


def _shapes(words: Mapping[str, list[str]]) -> list[dict[str, object]]:
    """Token patterns for names that the gazetteer does not hold: "Foreningen X", "X Handelsskole", "X Y A/S"."""
    before, after = words["before"], words["after"]
    word, firm = r"[A-ZÆØÅ0-9][\w.\-'’/&+]*$", rf"(?!.*-(?:{'|'.join(words['firms'])})$)"
    name = {"TEXT": {"REGEX": f"^{firm}{word}", "NOT_IN": words["never"]}}
    joint = {"TEXT": {"IN": ["&", "-"]}}
    sons = [{"TEXT": "og"}, {"TEXT": {"IN": ["Søn", "Sønner", "Co", "Co.", "Partnere"]}}]
    forms = {"TEXT": {"REGEX": _form_words()}}
    return [
        {"label": "ORG", "pattern": pattern}
        for pattern in (
            [name, {**name, "OP": "{0,4}"}, forms],
            [name, {**name, "OP": "{0,2}"}, joint, name, {**name, "OP": "{0,2}"}, forms],
            [name, {**name, "OP": "{0,2}"}, *sons, forms],
            [{"TEXT": {"IN": before}}, name, {**name, "OP": "{0,2}"}],
            [name, {**name, "OP": "{0,2}"}, {"TEXT": {"REGEX": f"^(?:{'|'.join(after)})s?$"}}],
            [name, {"TEXT": "-"}, name, {"TEXT": {"REGEX": "^[Kk]ommunes?$"}}],
        )
    ]


def _form_words() -> str:
    forms = {form.replace("/", "") for form in LEGAL_FORMS.values()} | LEGAL_FORMS.keys()
    slashed = "|".join(rf"{form[0]}/{form[1]}" for form in sorted(forms) if len(form) == 2)
    return rf"(?i)^(?:{slashed}|aps|ivs|[afsv]\.?m\.?b\.?a\.?|gmbh|ltd\.?)$"
