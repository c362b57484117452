"""What a reviewer sends, read with care, and made into decisions and judgements that last."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from flows.engines import Engines
from flows.review.listing import question_id, refresh, shown
from models.decisions import decision, standing, upheld
from models.errors import SamspilError
from models.identity.collaborations import quote_key
from models.identity.judgements import CLAIM, COLLABORATION, judgement
from models.listing import Listed, Listings, Question
from models.records import NO_THEME, Decision, Judgement, Participant, Relation, Role, Theme, Verdict

LONGEST = {"title": 300, "project": 300, "name": 200, "note": 2000}  # letters
MOST_PARTIES = 450
AGAIN = timedelta(seconds=1)  # the step in which the store keeps time

VERDICTS = {
    "godkend": Verdict.ACCEPTED,
    "ret": Verdict.CORRECTED,
    "afvis": Verdict.REJECTED,
    "ved-ikke": Verdict.UNSURE,
}
RELATIONS = {"ens": Relation.SAME, "forskellige": Relation.DIFFERENT, "ved-ikke": Relation.UNSURE}


class FormError(SamspilError):
    """A form that is not one of ours."""


Form = MultiDict[str, str]
"""The fields that were sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form says of a collaboration; None where that is left as it is."""

    verdict: Verdict
    themes: tuple[Theme, ...]
    title: str | None = None
    project: str | None = None
    participants: tuple[Participant, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, by a clock."""

    engines: Engines
    name: str

    def decide(self, row: Listed, form: Form) -> Decision:
        """Store what was decided on a collaboration. Raises FormError; then nothing is stored."""
        verdict = VERDICTS.get(form.get("afgoerelse", ""))
        if verdict is None:
            raise FormError("afgørelsen er ukendt")
        note = _text(form, "note")
        answer = Answer(verdict, () if verdict is Verdict.REJECTED else tuple(Theme(theme) for theme in row.themes))
        if verdict in (Verdict.ACCEPTED, Verdict.CORRECTED):
            answer = self._answer(row, form)
        made = decision(
            self._moment(row.id),
            self.name,
            row.id,
            answer.verdict,
            answer.themes,
            row.passage,
            _version(form) or self.engines.themes_version,
            note,
            title=answer.title,
            project=answer.project,
            participants=answer.participants,
            before=json.dumps(shown(row), ensure_ascii=False, sort_keys=True),
        )
        self._store(row.id, made)
        return made

    def withdraw(self, undone: Decision) -> Decision:
        """Take a decision back, or what took one back."""
        key = self.engines.store.current_id(undone.collaboration_id)
        made = decision(
            self._moment(key),
            self.name,
            undone.collaboration_id,
            Verdict.WITHDRAWN,
            (),
            undone.passage,
            undone.model_version,
            "",
            undoes=undone.id,
        )
        self._store(key, made)
        return made

    def merge(self, row: Listed, other: str, note: str) -> Judgement:
        """Say that two collaborations are one; the next dataset has them as one."""
        if other == row.id or Listings(self.engines.store).one(other) is None:
            raise FormError("det andet samarbejde findes ikke")
        return self._judge(COLLABORATION, row.id, other, Relation.SAME, note)

    def split(self, row: Listed, claim_ids: Sequence[str], note: str) -> list[Judgement]:
        """Say that some claims are of another collaboration than the rest."""
        claims = {one.claim.id: quote_key(one.claim.evidence) for one in self.engines.store.claims_of(row.id)}
        apart = list(dict.fromkeys(claims[key] for key in claim_ids if key in claims))
        rest = [quote for quote in dict.fromkeys(claims.values()) if quote not in apart]
        if len(apart) != len(set(claim_ids)) or not apart or not rest:
            raise FormError("vælg nogle af udsagnene, ikke alle, og ikke to ens")
        together = [(group[0], other) for group in (apart, rest) for other in group[1:]]
        said = [self._judge(CLAIM, left, right, Relation.SAME, note) for left, right in together]
        return [*said, self._judge(CLAIM, apart[0], rest[0], Relation.DIFFERENT, note)]

    def answer(self, question: Question, form: Form) -> Judgement:
        """Say whether two names are of one organisation, or two collaborations one."""
        relation = RELATIONS.get(form.get("svar", ""))
        if relation is None:
            raise FormError("svaret er ukendt")
        made = self._judge(question.kind, question.left, question.right, relation, _text(form, "note"))
        Listings(self.engines.store).answered(question.id)
        return made

    def take_back(self, said: Judgement) -> Judgement:
        """Take a judgement back; two names are asked about again."""
        made = self._judge(said.kind, said.left, said.right, Relation.WITHDRAWN, "")
        if said.kind != CLAIM:
            key = question_id(said.left, said.right)
            Listings(self.engines.store).ask(Question(key, said.left, said.right, 0.5, 0.85, said.kind))
        return made

    def _answer(self, row: Listed, form: Form) -> Answer:
        """What stands in the form, as far as it is another than the row, or was ever corrected."""
        parties = self._listed(row)
        themes, participants = _themes(form.getlist("tema")), _parties(form, parties)
        title = _text(form, "title", row.title) or row.title
        project = _text(form, "project", row.project)
        same = title == row.title, project == row.project, participants == _each_once(parties)
        as_shown = all(same) and themes == tuple(Theme(theme) for theme in row.themes)
        left = [one and not corrected for one, corrected in zip(same, self._corrected(row), strict=True)]
        return Answer(
            Verdict.ACCEPTED if as_shown else Verdict.CORRECTED,
            themes,
            None if left[0] else title,
            None if left[1] else project,
            None if left[2] else participants,
        )

    def _corrected(self, row: Listed) -> tuple[bool, bool, bool]:
        """Whether title, project and participants were ever corrected: then a later decision says what they are."""
        ids = [row.id, *self.engines.store.former_ids(row.id)]
        earlier = standing(self.engines.store.decisions(ids))
        return (
            any(one.title is not None for one in earlier),
            any(one.project is not None for one in earlier),
            any(one.participants is not None for one in earlier),
        )

    def _listed(self, row: Listed) -> list[Participant]:
        return [Participant(one.name, Role(one.role)) for one in Listings(self.engines.store).parties(row.id)]

    def _moment(self, collaboration_id: str) -> datetime:
        """Now, and after whatever was decided on it before."""
        ids = [collaboration_id, *self.engines.store.former_ids(collaboration_id)]
        earlier = [one.at for one in self.engines.store.decisions(ids)]
        return max([self.engines.clock(), *(at + AGAIN for at in earlier)])

    def _store(self, collaboration_id: str, made: Decision) -> None:
        self.engines.store.add_decisions([made])
        refresh(self.engines, collaboration_id)

    def _judge(self, kind: str, left: str, right: str, relation: Relation, note: str) -> Judgement:
        earlier = [one.at for one in self.engines.store.judgements(kind) if {one.left, one.right} == {left, right}]
        moment = max([self.engines.clock(), *(at + AGAIN for at in earlier)])
        made = judgement(moment, self.name, kind, left, right, relation, note)
        self.engines.store.add_judgements([made])
        return made


def standing_ids(engines: Engines, collaboration_id: str) -> set[str]:
    """The decisions on a collaboration that nobody took back, by their ids."""
    ids = [collaboration_id, *engines.store.former_ids(collaboration_id)]
    return {one.id for one in upheld(engines.store.decisions(ids))}


def _version(form: Form) -> str:
    """The theme model whose answer was shown; "" where the form does not tell it."""
    found = re.fullmatch(r"themes-[0-9a-f]{10}", form.get("model", ""))
    return found[0] if found else ""


def _text(form: Form, field: str, known: str = "") -> str:
    """A field, its spaces made one; what was known before may be longer than what a reviewer writes."""
    text = " ".join(form.get(field, "").split())
    if text == " ".join(known.split()):
        return known
    if len(text) > LONGEST[field]:
        raise FormError(f"feltet {field} er længere end {LONGEST[field]} tegn")
    return text


def _themes(names: Sequence[str]) -> tuple[Theme, ...]:
    if any(name not in (*Theme, NO_THEME) for name in names):
        raise FormError("temaet er ukendt")
    return tuple(theme for theme in Theme if str(theme) in names)


def _parties(form: Form, before: Sequence[Participant]) -> tuple[Participant, ...]:
    """Name and role of each row of the form; rows without a name are gone, known names keep their order."""
    names, roles = form.getlist("deltager"), form.getlist("rolle")
    if len(names) != len(roles) or len(names) > MOST_PARTIES:
        raise FormError("deltagerne er ikke sendt helt")
    known = {" ".join(one.name.split()): one.name for one in before}
    found = []
    for name, role in zip(names, roles, strict=True):
        clean = " ".join(name.split())
        if (len(clean) > LONGEST["name"] and clean not in known) or role not in tuple(Role):
            raise FormError("en deltager har et for langt navn eller en ukendt rolle")
        if clean:
            found.append(Participant(known.get(clean, clean), Role(role)))
    return _each_once(found if names else before)


def _each_once(parties: Sequence[Participant]) -> tuple[Participant, ...]:
    """Of each name the first."""
    return tuple(
        {one.name: one for one in reversed(parties)}[name] for name in dict.fromkeys(one.name for one in parties)
    )
