"""Which of the decisions that reviewers made stand: none is ever changed, but one may take another back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from models.records import Decision, Participant, Theme, Verdict, digest

DECIDES = frozenset([Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.REJECTED])


def decision(  # noqa: PLR0913, PLR0917 - the fields of the record
    at: datetime,
    reviewer: str,
    collaboration_id: str,
    verdict: Verdict,
    themes: tuple[Theme, ...],
    passage: str,
    model_version: str,
    note: str,
    *,
    title: str | None = None,
    project: str | None = None,
    participants: tuple[Participant, ...] | None = None,
    before: str = "",
    undoes: str = "",
) -> Decision:
    """A decision with its id; what it leaves as it is does not go into that."""
    parts = [at.isoformat(), reviewer, collaboration_id, verdict, *themes, passage, model_version, note]
    parts += [f"{name}={value}" for name, value in (("title", title), ("project", project)) if value is not None]
    if participants is not None:
        parts += ["participants=", *(f"{one.role}:{one.name}" for one in participants)]
    parts += [f"{name}={value}" for name, value in (("before", before), ("undoes", undoes)) if value]
    return Decision(
        digest(*parts, length=24),
        at,
        reviewer,
        collaboration_id,
        verdict,
        themes,
        passage,
        model_version,
        note,
        title,
        project,
        participants,
        before,
        undoes,
    )


def upheld(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that nobody took back, in their order; taking back what took back lets the first stand again."""
    listed = list(decisions)
    undoing: dict[str, list[Decision]] = defaultdict(list)
    for one in listed:
        if one.verdict is Verdict.WITHDRAWN:
            undoing[one.undoes].append(one)

    def stands(one: Decision) -> bool:
        return not any(stands(other) for other in undoing.get(one.id, ()))

    return [one for one in listed if one.verdict is not Verdict.WITHDRAWN and stands(one)]


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of them that decide something."""
    return [one for one in upheld(decisions) if one.verdict in DECIDES]
