"""Names of parties out of a stretch of text: coordination taken apart, ellipsis expanded, collectives resolved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from extractors.coordination import Item, elided, joined, names_left, names_right, parts
from extractors.cues import Cues
from extractors.privacy import CONTACT, PERSON, Privacy
from models.danish.tags import PARTS
from models.gazetteer import Body, Gazetteer
from models.identity.names import LEGAL_FORM, clean, genitive_base, normalise
from models.identity.organisations import DANISH_FORMS
from models.records import REGIONS, Mention, MentionLabel, Participant, PartnerType, Place, Role

SURE = 0.7  # probability of a role
MAX_WORDS = 12  # a longer stretch is a sentence, not a name

_TAIL = re.compile(r"\s{0,4}(?:\(([^)]*)\)|\s[–-]\s(.*)|:\s(.*))$")
_EMPTY = re.compile(r"\([\s,;:/&.\-]{0,8}\)|\[[\s,;:/]{0,8}\]")
_DANGLING = re.compile(
    r"[\s,;:/(–-]{1,4}(?:kontakt(?:person)?|tlf|telefon|mobil|e-?mail|mail|att|ved|v/|v|c/o|og|samt|i|hos|fra)?[.:]{0,2}\s{0,4}$",
    re.IGNORECASE,
)
_HAILED = re.compile(rf"(?:\b(?i:dr|hr|fru|frk|frau|herr|mr|mrs|ms)\.?\s)?{re.escape(PERSON)}")
_OF = frozenset({"i", "ved", "hos", "fra", "for", "på", "af"})
_WITHIN = re.compile(r"\b(?:i|inden ?for|uden for|hele|omkring)\s$", re.IGNORECASE)
_SHARE = re.compile(r"[\s,:(–-]+\d[\d.,]* ?(?:pct\b\.?|procent\b|%|(?:t\.?|mio\.? ?)?kr\b\.?|euro\b).*$", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:(?:Institut|Institute|Department|Center|Centre|Afdeling|Fakultet|Sektion|Klinik|Campus|Enhed|School)\b|"
    r"(?:AAU|AU|CBS|DTU|ITU|KU|RUC|SDU) |\S*(?:afdeling(?:en)?|institut(?:tet)?|fakultet(?:et)?|klinik(?:ken)?|"
    r"forvaltning(?:en)?|sekretariat(?:et)?|enhed(?:en)?)$)"
)
_FOREIGN_FORM = re.compile(r" (?:AS|AB|GmbH|e\.V\.|ehf\.?|Oy)$")
_HOSTS = frozenset({PartnerType.VIDENINSTITUTION, PartnerType.KOMMUNE, PartnerType.REGION})
_AREAS = frozenset({PartnerType.REGION, PartnerType.KOMMUNE, PartnerType.UDENLANDSK})
_ROLES = {"lead": Role.LEAD, "funder": Role.FUNDER}
_RANK = {Role.LEAD: 0, Role.PARTNER: 1, Role.MEMBER: 1, Role.FUNDER: 2}


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides between bodies of one name: the day and the area that a text speaks of."""

    on: date | None = None
    area: str = ""


ANYWHERE = Setting()


@dataclass(frozen=True, slots=True)
class Run:
    """Parties that a sentence names joined by commas and "og"; `start` and `end` bound them in its text.

    `parts`: how probably its names are none, parties, leads, funders, on average; `places`: where the Danish pipeline
    puts them. Both are () where no model has read them.
    """

    start: int
    end: int
    parties: tuple[Participant, ...]
    role: Role | None  # as the sentence states it
    parts: tuple[float, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    """Finds parties; knows bodies, what is generic, and what is a person."""

    gazetteer: Gazetteer
    cues: Cues
    privacy: Privacy

    def participant(self, name: str, role: Role, setting: Setting = ANYWHERE) -> Participant | None:
        """A party by its name as written, or None when the name is a person's, generic, or no name."""
        written = clean(name)
        body = self.gazetteer.find(written, setting.on, setting.area)
        if body is not None:
            return Participant(written, role, body.id)
        public = self._without_persons(written)
        body = self.gazetteer.find(public, setting.on, setting.area) if public and public != written else None
        if sum(map(str.isalpha, public)) < 2 or self.cues.is_generic(public) or self.is_place(public):
            return None
        return Participant(public, role, body.id if body else "")

    def masked(self, text: str, known: Iterable[tuple[int, int]] = (), private: Iterable[str] = ()) -> str:
        """The text as it may be published (see `Privacy.mask`); names of bodies are left."""
        hidden = [value for value in private if not self._is_known(value)]
        return self.privacy.mask(text, known, self._is_known, hidden)

    def _is_known(self, name: str) -> bool:
        """Whether a name is that of a body or tells of a place, so that it is no person's."""
        if self.gazetteer.find(clean(name)) is not None:
            return True
        return not self.privacy.may_be_person(name) and any(self.is_place(word) for word in name.split()[1:])

    def _without_persons(self, name: str) -> str:
        """A party's name without persons, titles and contacts; "" when nothing else is in it.

        Up to a legal form it is a firm's, whoever the firm is named after.
        """
        if self.privacy.is_person(name) or self.privacy.is_given_name(name):
            return ""
        name = ", ".join(part for part in name.split(", ") if not self.privacy.is_person(part))
        forms = list(LEGAL_FORM.finditer(name))
        if not forms:
            return self._rest(name)
        comma = re.search(r"[,;(]", name)
        end = forms[-1].end() if forms[-1].start() else comma.start() if comma else len(name)
        firm, behind = name[:end], name[end:]
        for start, stop in sorted(self.privacy.contacts(firm), reverse=True):
            firm = firm[:start] + firm[stop:]
        told = bool(self._rest(behind)) and self.masked(behind) == behind
        return clean(_tidy(firm + (behind if told or not behind.strip(" ,;()") else "")))

    def _rest(self, name: str) -> str:
        """What stands in a name beside persons and contacts, and their titles."""
        masked = self.masked(name)
        if masked == name and not self.privacy.is_title(name.partition(" ")[0]):
            return name
        kept = []
        for part in _tidy(_HAILED.sub("", masked).replace(CONTACT, "")).split(","):
            words = part.split()
            if words and words[0] in _OF and masked != name:
                words.pop(0)
            titled = bool(words) and self.privacy.is_title(words[0])
            if titled:
                while words and self.privacy.is_title(words[0]):
                    words.pop(0)
                if words and words[0] in _OF:
                    words.pop(0)
            if words and not (titled and words[0].islower()):
                kept.append(" ".join(words))
        return clean(", ".join(kept))

    def is_place(self, name: str) -> bool:
        """Whether a name is only that of an area or a municipality, neither a party nor a project."""
        return name in REGIONS or name in self.cues.places or name in _municipalities(self.gazetteer)

    def runs(self, text: str, mentions: Sequence[Mention], setting: Setting) -> list[Run]:
        """The parties of a sentence in order: known ones, those that ellipsis hides, and unknown ones among them."""
        hidden = [(one.start, one.end) for one in mentions if one.label is MentionLabel.PROJECT]
        hidden += self.privacy.persons(text, self._is_known)
        groups = [self._without_places(text, group) for group in joined(text, self._items(text, mentions, setting))]
        known = sum(bool(item.parties) for group in groups for item in group)
        found: list[Run] = []
        for group in filter(None, groups):
            start, end = group[0].start, group[-1].end
            left = names_left(text, found[-1].end if found else 0, start) if len(group) > 1 else []
            items = [*left, *group, *(names_right(text, group) if known > 1 else [])]
            behind = text[items[-1].end :]
            role, partner = self.cues.stated_role(text[:start], behind), self.cues.partner.search(behind)
            read = [one for one in mentions if one.parts and start <= one.start < end]
            played = {one.start: one.parts for one in read}
            told = distinct(
                replace(
                    party, role=role or (party.role if partner else _played(played.get(item.start, ()), party.role))
                )
                for item in items
                for party in self._of_item(item, hidden, setting)
            )
            if told:
                mean = tuple(sum(column) / len(played) for column in zip(*played.values(), strict=True))
                places = tuple(one.place for one in read if one.place)
                found.append(Run(items[0].start, items[-1].end, tuple(told), role, mean, places))
        return found

    def of_list(
        self, text: str, mentions: Iterable[Mention], role: Role, setting: Setting = ANYWHERE
    ) -> list[Participant]:
        """Parties of the value of a key: names known or not, each with the role that stands beside it."""
        mentions = list(mentions)
        organisations = [mention for mention in mentions if mention.label is MentionLabel.ORG]
        places = [(mention.start, mention.end) for mention in mentions if mention.label is MentionLabel.LOC]
        hidden = [self.gazetteer.find(name, setting.on, setting.area) for _, _, name in elided(text)]
        if hidden and all(hidden) and not organisations:
            return distinct(Participant(body.name, role, body.id) for body in hidden if body is not None)
        found: list[Participant] = []
        for start, end in parts(text, [(one.start, one.end) for one in organisations]):
            inside = [
                replace(one, start=one.start - start, end=one.end - start)
                for one in organisations
                if start <= one.start < end
            ]
            part = text[start:end]
            if found and (start, end) in places:  # "Klinikum (UKSH), Lübeck"
                continue
            if found and _UNIT.match(part) and self._is_host(found[-1].name, setting):
                continue
            stated = self.cues.role(part) if part[:1].islower() else None
            if stated and found:
                found[-1] = replace(found[-1], role=stated)
            else:
                found += self.of_item(part, inside, role, setting)
        return distinct(found)

    def of_item(self, text: str, mentions: Sequence[Mention], role: Role, setting: Setting) -> list[Participant]:
        """The party of a list item or a cell: one, unless several known names stand in it."""
        text, stated = self._without_tail(_SHARE.sub("", text))
        role = stated or role
        host, comma, unit = text.partition(", ")
        if comma and _UNIT.match(unit) and self._is_host(host, setting):
            text = host
        inside = [one for one in mentions if one.label is MentionLabel.ORG and one.end <= len(text) + 1]
        hidden = [self.gazetteer.find(name, setting.on, setting.area) for _, _, name in elided(text)]
        if hidden and all(hidden):
            return distinct(Participant(body.name, role, body.id) for body in hidden if body is not None)
        if len({one.body_id or one.text for one in inside if "(" not in text[: one.start]}) > 1:
            return (
                self.of_list(text, inside, role, setting)
                if self._divides(text, inside)
                else self._each(inside, role, setting)
            )
        known = [one for one in inside if one.body_id]
        whole = self.gazetteer.find(clean(text), setting.on, setting.area)
        if known and whole is None and not self._branch_length(known[0], text[known[0].end :]):
            return self._each(known[:1], role, setting)
        if len(text.split()) > MAX_WORDS or not text[:1].isalnum() or text[:1].islower():
            return []
        party = self.participant(text, role, setting)
        return [party] if party else []

    def _is_host(self, name: str, setting: Setting) -> bool:
        """Whether units of a body are told behind its name: "Aalborg Universitet, Institut for Energi"."""
        body = self.gazetteer.find(clean(name.partition(" (")[0]), setting.on, setting.area)
        return body is not None and body.partner_type in _HOSTS

    def _divides(self, text: str, inside: Sequence[Mention]) -> bool:
        return len(list(parts(text, [(one.start, one.end) for one in inside]))) > 1

    def _each(self, mentions: Iterable[Mention], role: Role, setting: Setting) -> list[Participant]:
        return distinct(party for one in mentions for party in self._of_mention(one, "", role, setting))

    def _without_tail(self, text: str) -> tuple[str, Role | None]:
        """The text without what stands behind a name ("(projektleder)", "– lead partner"), and the role in that."""
        tail = _TAIL.search(text)
        beside = next(filter(None, tail.groups()), "") if tail else ""
        if tail and tail[1] and self.cues.is_outside(beside):
            return "", None
        stated = self.cues.role(beside) if beside else None
        if tail and (stated or not LEGAL_FORM.search(beside)):
            return text[: tail.start()], stated
        comma = text.rfind(", ")
        firm = comma > 0 and _FOREIGN_FORM.search(text[:comma])
        if firm and text[comma + 2 :].strip(" .").istitle():  # "Bremnes Tang AS, Stord"
            text, comma = text[:comma], text.rfind(", ", 0, comma)
        firm = comma > 0 and LEGAL_FORM.search(text[:comma])
        if firm and self.is_place(text[comma + 2 :].strip(" .")):  # "Pulsen Telecare A/S, Aarhus"
            text, comma = text[:comma], text.rfind(", ", 0, comma)
        stated = self.cues.role(text[comma + 2 :]) if comma > 0 and text[comma + 2 : comma + 3].islower() else None
        return (text[:comma], stated) if stated else (text, None)

    def _items(self, text: str, mentions: Iterable[Mention], setting: Setting) -> list[Item]:
        """Known names and those that ellipsis hides, by where they stand; a name that only looks so stands back."""
        hidden = [
            Item(start, end, (Participant(body.name, Role.PARTNER, body.id),))
            for start, end, name in elided(text)
            if (body := self.gazetteer.find(name, setting.on, setting.area)) is not None
        ]
        items = []
        for one in mentions:
            if one.label is MentionLabel.ORG and (one.body_id or not any(_meet(one, item) for item in hidden)):
                named = self._of_mention(one, text, Role.PARTNER, setting)
                if named:
                    items.append(Item(one.start, one.end + self._branch_length(one, text[one.end :]), tuple(named)))
        items += [item for item in hidden if not any(_meet(one, item) for one in items)]
        return sorted(items, key=lambda item: item.start)

    def _without_places(self, text: str, group: Sequence[Item]) -> list[Item]:
        """The names but for areas that something lies in ("virksomheder i Region Midtjylland")."""
        if not _WITHIN.search(text[: group[0].start]):
            return list(group)
        kept = list(group)
        while kept and (body := self._body(kept[0])) is not None and body.partner_type in _AREAS:
            kept.pop(0)
        return kept

    def _of_item(self, item: Item, hidden: Iterable[tuple[int, int]], setting: Setting) -> list[Participant]:
        """The parties of a name; of an unknown one, when it can be nothing else: `hidden` are projects and persons."""
        if item.parties:
            return list(item.parties)
        if any(start < item.end and item.start < end for start, end in hidden):
            return []
        plain = " " not in item.name and item.name[1:].islower()
        if plain or item.name.endswith("-") or "/" in item.name.removesuffix("A/S") or self.is_place(item.name):
            return []
        if self.privacy.may_be_person(item.name):
            return []
        party = self.participant(item.name, Role.PARTNER, setting)
        return [party] if party else []

    def _of_mention(self, mention: Mention, text: str, role: Role, setting: Setting) -> list[Participant]:
        collective = self.gazetteer.collectives.get(mention.body_id)
        if collective is not None:
            members = (self.gazetteer.bodies[member] for member in collective.members)
            return [
                Participant(body.name, role, body.id)
                for body in members
                if setting.on is None or body.existed(setting.on)
            ]
        written = mention.text
        if mention.body_id or self.gazetteer.find(written) is None:
            base = genitive_base(written)
            written = base if self.gazetteer.find(base) else written
        if text and self._branch_length(mention, text[mention.end :]):
            written += text[mention.end : mention.end + self._branch_length(mention, text[mention.end :])]
        if not mention.body_id and self.is_place(written):
            return []
        party = self.participant(written, role, setting)
        if party and not party.body_id and mention.body_id in self.gazetteer.bodies and written == mention.text:
            party = replace(party, body_id=mention.body_id)
        return [party] if party else []

    def _branch_length(self, mention: Mention, behind: str) -> int:
        """How much of what stands behind a union names its branch ("3F Bornholm"), a body by itself."""
        body = self.gazetteer.bodies.get(mention.body_id)
        if body is None or body.partner_type is not PartnerType.ARBEJDSMARKEDSPART or mention.text.endswith("s'"):
            return 0
        match = re.match(r" ([A-ZÆØÅ][\w-]+)", behind)
        return match.end() if match and self.is_place(match[1]) else 0

    def _body(self, item: Item) -> Body | None:
        return self.gazetteer.bodies.get(item.parties[0].body_id) if item.parties else None


def _played(parts: Sequence[float], otherwise: Role) -> Role:
    """The role that the model surely tells of a name."""
    surest = max(range(len(parts)), key=parts.__getitem__, default=0)
    stated = _ROLES.get(PARTS[surest])
    return stated if stated and parts[surest] > SURE else otherwise


def _meet(one: Mention | Item, item: Item) -> bool:
    return one.start < item.end and item.start < one.end


def distinct(parties: Iterable[Participant]) -> list[Participant]:
    """Parties in order, each once, with the strongest role: lead, then partner or member, then funder.

    A name without a legal form is the one Danish firm of that name, where there is just one.
    """
    parties = list(parties)
    firms: dict[str, dict[str, str]] = defaultdict(dict)  # names by legal form, of each bare name
    for party in parties:
        key = normalise(party.name)
        if not party.body_id and key.form in DANISH_FORMS:
            firms[key.stem].setdefault(key.form, party.name)
    found: dict[tuple[str, str], Participant] = {}
    for party in _whole(parties):
        key = normalise(party.name)
        whole = [] if party.body_id or key.form else list(firms[key.stem].values())
        one = replace(party, name=whole[0]) if len(whole) == 1 else party
        place = (one.body_id, "" if one.body_id else str(normalise(one.name)))
        if place not in found or _RANK[one.role] < _RANK[found[place].role]:
            found[place] = replace(found.get(place, one), role=one.role)
    return list(found.values())


def _whole(parties: Sequence[Participant]) -> list[Participant]:
    """The parties but for one that is told by the first or the last words of another's name ("NEXT Uddannelse")."""
    stems = [normalise(party.name).stem for party in parties]
    longer: dict[str, set[str]] = defaultdict(set)  # names, by their first and by their last words
    for stem in stems:
        words = stem.split()
        for cut in range(1, len(words)):
            longer[" ".join(words[:cut])].add(stem)
            longer[" ".join(words[cut:])].add(stem)
    return [one for one, stem in zip(parties, stems, strict=True) if one.body_id or len(longer[stem]) != 1]


def _tidy(name: str) -> str:
    """Without empty brackets, and without what led to something that is gone."""
    text = re.sub(r"\s{2,}", " ", _EMPTY.sub(" ", name)).strip()
    while (shorter := _DANGLING.sub("", text)) != text:
        text = shorter
    return text.strip(" ,;:/")


@lru_cache(maxsize=4)
def _municipalities(gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset(body.municipality for body in gazetteer if body.municipality)
