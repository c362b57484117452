"""Every text of the review's pages in both languages, and none that no page shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from jinja2 import Environment, nodes

from flows.review import work
from flows.review.actions import SAID
from flows.review.app import _ERRORS, HERE, english
from flows.review.deciding import LONGEST
from flows.review.pages import REASONS, REVIEWS, ROLES, TYPES

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
Node = TypeVar("Node", bound=ast.AST)
SPOKEN = {"flash", "screen", "FormError"}
"""Functions of the app whose fixed texts the pages show."""
NAMES = {"Samspil", "CVR", "ROR", "Wikidata", "F1", "micro", "macro"}
"""Words that are the same in both languages."""


def in_templates() -> set[str]:
    """The fixed texts that the templates hand to `t`, by themselves, through a list or through a macro."""
    found: set[str] = set()
    for path in TEMPLATES:
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            named = call.node.name if isinstance(call.node, nodes.Name) else ""
            if named == "t":
                found.update(_fixed(call.args[0]))
            if named == "head":
                found.update(_fixed(call.args[1]))
        for loop in tree.find_all(nodes.For):
            if isinstance(loop.iter, nodes.List):
                found.update(text for pair in loop.iter.items for text in _fixed(pair.items[1]))  # type: ignore[attr-defined]
    return found


def _fixed(node: nodes.Node) -> Iterator[str]:
    """The fixed texts that an expression can come to."""
    if isinstance(node, nodes.Const):
        yield str(node.value)
    elif isinstance(node, nodes.CondExpr):
        yield from _fixed(node.expr1)
        if node.expr2 is not None:
            yield from _fixed(node.expr2)
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "get":
        yield from _fixed(node.args[1])
    elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Dict):
        for pair in node.node.items:
            yield from _fixed(pair.value)


def in_code() -> set[str]:
    """The fixed texts that the app hands to the templates, and the words that begin those which are not fixed."""
    found = {text for told in (REASONS, ROLES, TYPES, REVIEWS, SAID) for text in told.values()}
    found |= {work.PUBLISH, work.TRAIN}
    found |= {f"feltet {name} er længere end {LONGEST[name]} tegn" for name in ("title", "project", "note")}
    for name in ("actions", "visits", "deciding"):
        for call in _nodes(name, ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id in SPOKEN:
                found.update(text for one in call.args for text in _spoken(one))
    told = [one.value for one in _nodes("work", ast.Return)] + [one.value for one in _nodes("work", ast.Assign)]
    found |= {text for one in told for text in _spoken(one) if " " in text}
    found |= set(_ERRORS.values())
    gets = [one for one in _nodes("app", ast.Call) if ast.unparse(one.func) == "_ERRORS.get"]
    return found | {text for one in gets for text in _spoken(one.args[1])}


def _nodes(module: str, kind: type[Node]) -> list[Node]:
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
    return [one for one in ast.walk(tree) if isinstance(one, kind)]


def _spoken(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        start, colon, _ = str(node.values[0].value).partition(": ")
        if colon:
            yield start


def test_every_text_has_an_english_one_and_no_english_one_is_unused() -> None:
    used = in_templates() | in_code()
    assert {"missing": used - english().keys(), "unused": english().keys() - used} == {
        "missing": set(),
        "unused": set(),
    }


def test_no_english_text_is_empty() -> None:
    assert [danish for danish, text in english().items() if not text.strip()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_nothing_but_through_the_translation(path: Path) -> None:
    source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', source)
    plain = re.sub(r"<(?:button|a)[^>]* lang=[^>]*>[^<]*<", "<", source)  # the names of the languages
    spoken.append(re.sub(r"<[^>]*>|&\w+;", " ", re.sub(r"<kbd>[^<]*</kbd>", "", plain)))
    assert set(re.findall(r"[^\W\d_][\w]+", " ".join(spoken))) - NAMES == set()
