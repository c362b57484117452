"""Themes of texts from outside: files, or JSON lines on stdin."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from extractors.documents.encoding import decode
from models.errors import SamspilError
from models.records import NO_THEME, ThemePrediction
from models.themes.explanation import explain
from models.themes.gold import Passage
from models.themes.model import ThemeModel, load_model

BATCH = 200  # texts at a time


class InputError(SamspilError):
    """A file, or a line of JSON, that is not what was asked for."""


def classify(files: Sequence[str], stdin: TextIO, stdout: TextIO, *, json: bool) -> None:
    """Answer one line a text: JSON for `-` and with `json`, else the name and its themes. Raises InputError."""
    model = load_model()
    texts = (text for name in files for text in (_lines(stdin) if name == "-" else _file(name)))
    while batch := list(islice(texts, BATCH)):
        for (key, passage), said in zip(batch, model.predict([passage for _, passage in batch]), strict=True):
            if json or "-" in files:
                stdout.write(jsonlib.dumps(_answer(key, said, model, passage), ensure_ascii=False) + "\n")
            else:
                stdout.write(f"{key}: {', '.join(theme.danish for theme in said.themes) or NO_THEME}\n")


def _answer(key: str, said: ThemePrediction, model: ThemeModel, passage: Passage) -> dict[str, Any]:
    reasons = explain(model, passage, said.themes)
    return {
        "id": key,
        "themes": [str(theme) for theme in said.themes] or [NO_THEME],
        "probabilities": {str(theme): value for theme, value in said.probabilities.items()},
        "review": said.review,
        "spans": {str(theme): [[one.start, one.end] for one in found] for theme, found in reasons.items()},
    }


def _lines(stdin: TextIO) -> Iterator[tuple[str, Passage]]:
    for number, line in enumerate(stdin, start=1):
        if not line.strip():
            continue
        try:
            entry = jsonlib.loads(line)
            yield str(entry["id"]), Passage(str(entry.get("title") or ""), str(entry.get("text") or ""))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f'stdin, linje {number}: ventede JSON med "id", "title" og "text"') from error


def _file(name: str) -> Iterator[tuple[str, Passage]]:
    try:
        text = decode(Path(name).read_bytes())
    except OSError as error:
        raise InputError(f"{name}: filen kan ikke læses; classify tager tekstfiler") from error
    title, _, rest = text.strip().partition("\n")
    yield name, Passage(title, rest)
