"""Training and evaluating the learned parts, and telling what came of it."""

from __future__ import annotations

import hashlib
import json as jsonlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from flows import steps
from flows.engines import Engines
from flows.settings import Settings
from models.errors import SamspilError
from models.paths import DATA
from models.records import Theme, Verdict
from models.themes import training as themes
from models.themes.gold import TEST, TRAIN, Labelled, own_passages, real_passages
from models.themes.learning import adapted, compare
from models.themes.model import ARTEFACT, load_model, save_model
from models.themes.passages import passage_digest

GOLD = DATA / "gold"
PARTS = {"own": "Egne tekster", "real": "Virkelige projekter"}
FEWEST = 10  # decisions that a model is moved by
MOST_HELD = 100  # of the newest, a fifth, that it is compared on instead


class TrainingError(SamspilError):
    """Something that cannot be trained, or from that."""


def train(what: str, register: Path | None, out: Path | None, *, json: bool) -> None:
    """Train on the gold; without the register its rows are left out, and the card says so."""
    labelled, sources = _gold(what, register)
    card = themes.train(labelled, out or ARTEFACT, sources)
    _tell(card["scores"], json=json)


def learn(settings: Settings) -> str:
    """Move the theme model by what reviewers decided, and use it from now on if it is not worse; tells what came of it.

    Neither the test part of the gold nor the newest decisions, by which both models are compared, are learned from.
    """
    with Engines(settings) as engines:
        decided = decided_passages(engines)
        if len(decided) < FEWEST:
            return f"{len(decided)} afgørelser er for få til at lære af; der skal mindst {FEWEST}."
        held = max(1, min(len(decided) // 5, MOST_HELD))
        new = adapted(load_model(ARTEFACT), decided[:-held])
        tests = [one for one in own_passages(GOLD / "themes.jsonl") if one.split == TEST]
        results = {
            "guldets testdel": compare(engines.themes, new, tests),
            "de nyeste afgørelser": compare(engines.themes, new, decided[-held:]),
        }
        told = "; ".join(f"{name}: {one.before:.3f} → {one.after:.3f}" for name, one in results.items())
        if any(one.worse for one in results.values()):
            return f"Den gamle model er beholdt, for den nye er dårligere ({told})."
        card = json_card(ARTEFACT) | {"decisions": len(decided) - held, "compared": told}
        with TemporaryDirectory(dir=settings.home) as name:
            save_model(Path(name), new, card)
            target = settings.home / "models" / "themes"
            target.mkdir(parents=True, exist_ok=True)
            for file in ("model.skops", "card.json"):
                (Path(name) / file).replace(target / file)
    return f"En ny model er i brug fra næste udgivelse, lært af {len(decided) - held} afgørelser ({told})."


def decided_passages(engines: Engines) -> list[Labelled]:
    """What reviewers decided on texts as they are now, the earliest decision first."""
    texts = steps.passages(engines)
    last = sorted(engines.store.latest_decisions().items(), key=lambda pair: (pair[1].at, pair[1].id))
    return [
        Labelled(texts[key], frozenset(one.themes), TRAIN, real=True)
        for key, one in last
        if one.verdict is not Verdict.REJECTED and key in texts and passage_digest(texts[key]) == one.passage
    ]


def json_card(folder: Path) -> dict[str, Any]:
    """The card of a model."""
    return dict(jsonlib.loads((folder / "card.json").read_text(encoding="utf-8")))


def evaluate(what: str, register: Path | None, page: Path | None, *, json: bool) -> None:
    """Score the model in use, with its baselines, on the test parts; with `page`, as a page with plots too."""
    labelled, _ = _gold(what, register)
    scores = themes.evaluate(labelled, ARTEFACT)
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_page(scores, json_card(ARTEFACT).get("learning_curve", [])), encoding="utf-8")
    _tell(scores, json=json)


def _page(scores: dict[str, Any], curve: list[list[float]]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - for the page alone, as the charts

    from flows import charts  # noqa: PLC0415

    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True)
    return templates.get_template("themes_page.html").render(
        parts=[(PARTS[name], part) for name, part in scores.items()],
        themes=list(Theme),
        curve=curve,
        calibration=charts.calibration,
        confusion=charts.confusion,
        learning=charts.learning,
    )


def _gold(what: str, register: Path | None) -> tuple[list[Labelled], dict[str, str]]:
    if what != "themes":
        raise TrainingError(f"{what}: kan ikke trænes i denne udgave; brug themes")
    labelled = own_passages(GOLD / "themes.jsonl")
    used = [GOLD / "themes.jsonl"]
    if register is not None:
        if not register.is_file():
            raise TrainingError(f"{register}: filen findes ikke; --register er strukturfondenes register som CSV")
        labelled += real_passages(GOLD / "themes-real.csv", register)
        used += [GOLD / "themes-real.csv", register]
    return labelled, {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in used}


def _tell(scores: dict[str, Any], *, json: bool) -> None:
    if json:
        sys.stdout.write(jsonlib.dumps(scores, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for part, found in scores.items():
        table = Table(title=f"Temaer, testdelen af {PARTS[part].lower()} ({found['passages']} tekster)")
        for column in ("", "micro-F1 (95 %)", "macro-F1", "alle rigtige", "mindst ét"):
            table.add_column(column)
        for who in ("model", "keywords", "majority"):
            score = found[who]
            low, high = score["micro_f1_interval"]
            figures = (f"{score[name]:.3f}" for name in ("macro_f1", "strict", "lenient"))
            table.add_row(who, f"{score['micro_f1']:.3f} ({low:.3f}-{high:.3f})", *figures)
        console.print(table)
        model, (low, high) = found["model"], found["before_keywords"]
        alone = model["decided_alone"]
        console.print(
            f"foran nøgleordene {low:.3f} til {high:.3f}; kalibreringsfejl {model['calibration_error']:.3f}; "
            f"dækning ved præcision 0,95: {model['coverage_at_95']:.2f}; "
            f"alene {alone['share']:.2f} med præcision {alone['precision']:.3f}"
        )
