"""What a reviewer sends, read with care, and made into decisions and judgements that last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from flows.engines import Engines
from flows.review.listing import question_id, refresh, shown
from models.decisions import decision, upheld
from models.errors import SamspilError
from models.identity.collaborations import quote_key
from models.identity.judgements import CLAIM, COLLABORATION, ORGANISATION, judgement
from models.listing import Listed, Listings, Question
from models.records import NO_THEME, Decision, Judgement, Participant, Relation, Role, Theme, Verdict

LONGEST = {"title": 300, "project": 300, "name": 200, "note": 2000}  # letters
MOST_PARTIES = 200
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
class Reviewer:
    """Who decides, by a clock."""

    engines: Engines
    name: str

    def decide(self, row: Listed, form: Form, model_version: str) -> Decision:
        """Store what was decided on a collaboration. Raises FormError; then nothing is stored."""
        verdict = VERDICTS.get(form.get("afgoerelse", ""))
        if verdict is None:
            raise FormError("afgørelsen er ukendt")
        note = _text(form, "note")
        parties = self._listed(row)
        themes = tuple(Theme(theme) for theme in row.themes)
        title = project = participants = None
        if verdict in (Verdict.ACCEPTED, Verdict.CORRECTED):
            sent = _themes(form.getlist("tema")), _text(form, "title"), _text(form, "project"), _parties(form, parties)
            title = sent[1] if sent[1] != row.title and sent[1] else None
            project = sent[2] if sent[2] != row.project else None
            participants = sent[3] if sent[3] != tuple(parties) else None
            verdict = _verdict(changed=sent[0] != themes or (title, project, participants) != (None, None, None))
            themes = sent[0]
        if verdict is Verdict.REJECTED:
            themes = ()
        made = decision(
            self._moment(row.id),
            self.name,
            row.id,
            verdict,
            themes,
            row.passage,
            model_version,
            note,
            title=title,
            project=project,
            participants=participants,
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
        """Say whether two names are of one organisation."""
        relation = RELATIONS.get(form.get("svar", ""))
        if relation is None:
            raise FormError("svaret er ukendt")
        made = self._judge(ORGANISATION, question.left, question.right, relation, _text(form, "note"))
        Listings(self.engines.store).answered(question.id)
        return made

    def take_back(self, said: Judgement) -> Judgement:
        """Take a judgement back; two names are asked about again."""
        made = self._judge(said.kind, said.left, said.right, Relation.WITHDRAWN, "")
        if said.kind == ORGANISATION:
            key = question_id(said.left, said.right)
            Listings(self.engines.store).ask(Question(key, said.left, said.right, 0.5, 0.85))
        return made

    def _listed(self, row: Listed) -> list[Participant]:
        return [Participant(one.name, Role(one.role)) for one in Listings(self.engines.store).parties(row.id)]

    def _moment(self, collaboration_id: str) -> datetime:
        """Now, and after whatever was decided on it before."""
        earlier = [one.at for one in self.engines.store.decisions([collaboration_id])]
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


def _verdict(*, changed: bool) -> Verdict:
    return Verdict.CORRECTED if changed else Verdict.ACCEPTED


def _text(form: Form, field: str) -> str:
    text = " ".join(form.get(field, "").split())
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
    found: dict[str, Participant] = {}
    for name, role in zip(names, roles, strict=True):
        clean = " ".join(name.split())
        if len(clean) > LONGEST["name"] or role not in tuple(Role):
            raise FormError("en deltager har et for langt navn eller en ukendt rolle")
        if clean:
            found.setdefault(clean, Participant(clean, Role(role)))
    if not names:
        return tuple(before)
    return tuple(found.values())
