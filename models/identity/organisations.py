"""Names made into organisations: one for each body of the gazetteer, one for each name that no body bears.

An id is given once, from the key under which a name first appeared, and kept by the store: it lasts when the name later
gets a body in the gazetteer, or new spellings.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from models.gazetteer import PLACES, Body, Gazetteer, GazetteerError
from models.identity.components import Components
from models.identity.judgements import Judged
from models.identity.names import NameKey, clean, normalise
from models.records import REGIONS, Judgement, Organisation, Participant, PartnerType, Role, digest

if TYPE_CHECKING:
    from models.identity.matcher import Matcher

BODY = "body:"
"""Before the id of a body, the key of its organisation."""

Home = tuple[str, str]
"""Municipality and region; "" where they are not known."""
LONGEST_PLACE = 3  # words
_WHOLE, _PART = re.compile(r"[\w-]+"), re.compile(r"\w+")

DANISH_FORMS = {"a/s", "aps", "i/s", "k/s", "p/s", "s/i", "ivs", "amba", "fmba", "smba", "vmba"}


@dataclass(frozen=True, slots=True)
class Typing:
    """Tells the kind of a body from the words of its name: data/gazetteer/types.toml, in its order."""

    patterns: tuple[tuple[re.Pattern[str], PartnerType], ...]
    places: Mapping[str, Home]  # towns, municipalities and parts of the country, folded
    nowhere: re.Pattern[str]  # words of bodies that no region is the home of

    def partner_type(self, name: str) -> PartnerType:
        """The first kind whose words the name holds; a firm when none does."""
        return next((kind for pattern, kind in self.patterns if pattern.search(name)), PartnerType.VIRKSOMHED)

    def home(self, name: str) -> Home:
        """Where the name itself says it ("VUC Hvidovre-Amager", "Hanstholm Skibsmedie"): by the longest place in it, a
        town before a part of the country."""
        for length in range(LONGEST_PLACE, 0, -1):
            if found := [home for words in (_WHOLE, _PART) for home in self._homes(words.findall(name), length)]:
                return next((home for home in found if home[0]), found[0])
        return "", ""

    def _homes(self, words: Sequence[str], length: int) -> Iterator[Home]:
        for start in range(len(words) - length + 1):
            place = " ".join(words[start : start + length])
            folded = place.casefold() if place[0].isupper() else ""
            if home := self.places.get(folded) or self.places.get(folded.removesuffix("s")):
                yield home


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations of a set of claims, and the way from a participant to its organisation."""

    by_id: dict[str, Organisation]
    names: dict[str, str]  # key -> organisation id, also of earlier nights
    gazetteer: Gazetteer
    redirects: dict[str, str] = field(default_factory=dict)  # ids that no organisation has any more, to what it now is

    def of(self, participant: Participant) -> str:
        """The id of the organisation that a participant is."""
        return self.names[_key(participant, self.names, self.gazetteer)]

    def find(self, name: str) -> str:
        """The id of the organisation of this name; "" when none of the claims has it."""
        body = self.gazetteer.find(name)
        participant = Participant(name, Role.PARTNER, body.id if body else "")
        return self.names.get(_key(participant, self.names, self.gazetteer), "")


def load_typing(folder: Path, gazetteer: Gazetteer) -> Typing:
    """Read types.toml and places.csv of the gazetteer's folder; municipalities are those of the gazetteer."""
    data = tomllib.loads((folder / "types.toml").read_text(encoding="utf-8"))
    patterns = tuple((re.compile(entry["pattern"]), PartnerType(entry["partner_type"])) for entry in data["type"])
    regions = {
        body.municipality: body.region
        for body in gazetteer
        if body.partner_type is PartnerType.KOMMUNE and body.municipality and body.municipality in body.name
    }
    places = {name.casefold(): (name, region) for name, region in regions.items()}
    with (folder / PLACES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            region = row["region"] or regions.get(row["municipality"], "")
            if region not in REGIONS:
                raise GazetteerError(f"{PLACES}: {row['place']!r} ligger i en ukendt kommune eller region")
            places.setdefault(row["place"].casefold(), (row["municipality"], region))
    return Typing(patterns, places, re.compile(data["nowhere"]))


def resolve_organisations(  # noqa: PLR0913, PLR0917 - all that is known of names
    participants: Iterable[Participant],
    gazetteer: Gazetteer,
    typing: Typing,
    known: Mapping[str, str],
    matcher: Matcher | None = None,
    judgements: Iterable[Judgement] = (),
) -> Organisations:
    """Organisations for all participants, with the ids of earlier nights (`known`: key -> id) where there are any.

    Successors of bodies are organisations too, so that a reference to one can be followed. With a `matcher`, a name
    that surely means a body is that body's, and names that surely are of one body have one organisation; what people
    said of them (`judgements`) stands before that.
    """
    counted = Counter(participants)
    unknown = {_written_key(one, gazetteer): one.name for one in sorted(counted, key=lambda one: one.name)}
    unknown = {key: name for key, name in unknown.items() if not key.startswith(BODY)}
    judged = Judged(judgements, lambda name: name_key(name, gazetteer))
    bodies = _bodies(unknown, matcher, judged)
    present = _with_successors(
        {one.body_id for one in counted if one.body_id in gazetteer.bodies} | set(bodies.values()), gazetteer
    )
    keys = {f"{BODY}{body}" for body in present} | {_written_key(one, gazetteer) for one in counted}
    names = _ids(keys, gazetteer, known)
    joined = {key: names[f"{BODY}{body}"] for key, body in bodies.items()}
    alone = {key: name for key, name in unknown.items() if key not in bodies}
    joined |= {key: names[one] for key, one in _likened(alone, known, matcher, judged).items()}
    names |= _parted(known, unknown.keys() - joined.keys(), gazetteer) | joined
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for participant, count in sorted(counted.items(), key=lambda pair: pair[0].name):
        written[names[_key(participant, names, gazetteer)]][clean(participant.name)] += count
    known_bodies = {names[f"{BODY}{body}"]: gazetteer.bodies[body] for body in present}
    by_id = {key: _of_body(key, body, written[key], names) for key, body in known_bodies.items()}
    by_id |= {key: _of_name(key, forms, typing) for key, forms in written.items() if key not in by_id}
    moved = {id_: names[key] for key, id_ in known.items() if names[key] != id_}
    held = {*by_id, *names.values()}
    redirects = {old: new for old, new in sorted(moved.items()) if old not in held}
    return Organisations(dict(sorted(by_id.items())), names, gazetteer, redirects)


def name_key(name: str, gazetteer: Gazetteer) -> str:
    """The key of a name alone, as judgements on organisations go by: its body's, else its normal form."""
    body = gazetteer.find(name)
    return f"{BODY}{body.id}" if body else str(normalise(name))


def _bodies(unknown: Mapping[str, str], matcher: Matcher | None, judged: Judged) -> dict[str, str]:
    """The bodies that names mean, by their keys: as people say, else surely."""
    found = matcher.match(unknown.values()) if matcher else {}
    told = {key: match.body_id for key, name in unknown.items() if (match := found.get(name)) and match.sure}
    told = {key: body for key, body in told.items() if judged(key, f"{BODY}{body}") is not False}
    for group in judged.groups():
        bodies = [key.removeprefix(BODY) for key in group if key.startswith(BODY)]
        if len(bodies) == 1:
            told |= {key: bodies[0] for key in group if key in unknown}
    return told


def _likened(
    alone: Mapping[str, str], known: Mapping[str, str], matcher: Matcher | None, judged: Judged
) -> dict[str, str]:
    """For keys of names that are of one body, as people say or surely: the one whose id they have."""
    keys = {name: key for key, name in alone.items()}
    same = Components[str]()
    held = {key: [key] for key in alone}
    said = [(group[0], other) for group in judged.groups() for other in group[1:]]
    alike = [(keys[left], keys[right]) for left, right in matcher.alike(alone.values())] if matcher else []
    for left, right in [*said, *alike]:
        if left in alone and right in alone and same.root(left) != same.root(right):
            kept, other = sorted((same.root(left), same.root(right)), key=lambda key: (key not in known, key))
            if judged.allows(held[kept], held[other]):
                same.join(kept, other)
                held[kept] += held[other]
    return {key: same.root(key) for key in alone if same.root(key) != key}


def _parted(known: Mapping[str, str], alone: Iterable[str], gazetteer: Gazetteer) -> dict[str, str]:
    """Ids of their own for names that an earlier night joined with others, and that are not joined any more."""
    held = Counter(known.values())
    parted = {}
    for key in sorted(alone):
        shares = key in known and held[known[key]] > 1 and known[key] != _new_id(key)
        if shares and known[key] not in {known.get(one) for one in _replaced(key, gazetteer, known.keys())}:
            parted[key] = _new_id(key)
    return parted


def _with_successors(bodies: set[str], gazetteer: Gazetteer) -> list[str]:
    found, pending = set(bodies), list(bodies)
    while pending:
        new = set(filter(None, gazetteer.bodies[pending.pop()].successor.split(";"))) - found
        found |= new
        pending += new
    return sorted(found)


def _ids(keys: set[str], gazetteer: Gazetteer, known: Mapping[str, str]) -> dict[str, str]:
    """An id for every key: its own of earlier nights, else that of a key it replaces, else a new one; bodies first."""
    names, together = dict(known), keys | known.keys()
    taken = {name for key, name in known.items() if key.startswith(BODY)}
    for key in sorted(keys - known.keys(), key=lambda key: (not key.startswith(BODY), key)):
        replaced = (known[one] for one in _replaced(key, gazetteer, together) if one in known)
        names[key] = next((name for name in replaced if name not in taken), _new_id(key))
        if key.startswith(BODY):
            taken.add(names[key])
    return names


def _replaced(key: str, gazetteer: Gazetteer, keys: Set[str]) -> list[str]:
    """The keys that an organisation may have had before: names of a body that no other bears, a firm's bare name."""
    if key.startswith(BODY):
        body = gazetteer.bodies[key.removeprefix(BODY)]
        return [str(normalise(name)) for name in body.names if gazetteer.find(name) is body]
    stem, _, form = key.partition("|")
    return [stem] if form and _with_form(stem, keys) == [key] else []


def _written_key(participant: Participant, gazetteer: Gazetteer) -> str:
    """The key that a participant has by itself; a body that the gazetteer no longer holds is known by its name."""
    known = participant.body_id in gazetteer.bodies
    return f"{BODY}{participant.body_id}" if known else str(normalise(participant.name))


def _key(participant: Participant, names: Mapping[str, str], gazetteer: Gazetteer) -> str:
    """The key of a participant; a name without a legal form is the one firm of that name, where there is just one."""
    key = _written_key(participant, gazetteer)
    with_form = [] if key.startswith(BODY) or "|" in key else _with_form(key, names.keys())
    return with_form[0] if len(with_form) == 1 else key


def _with_form(stem: str, keys: Set[str]) -> list[str]:
    """The keys of the Danish firms of one name."""
    return [key for form in sorted(DANISH_FORMS) if (key := str(NameKey(stem, form))) in keys]


def _new_id(key: str) -> str:
    return "o" + digest("organisation", key, length=12)


def _of_body(key: str, body: Body, written: Counter[str], names: Mapping[str, str]) -> Organisation:
    aliases = sorted({*body.aliases, *body.abbreviations, *written} - {body.name})
    successor = body.successor.split(";")[0]
    return Organisation(
        id=key,
        name=body.name,
        partner_type=body.partner_type,
        region=body.region,
        municipality=body.municipality,
        country=body.country,
        cvr=body.cvr,
        ror=body.ror,
        wikidata=body.wikidata,
        aliases=tuple(aliases),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        successor_id=names[f"{BODY}{successor}"] if successor else "",
        body_id=body.id,
    )


def _of_name(key: str, written: Counter[str], typing: Typing) -> Organisation:
    name = min(written, key=lambda form: (form.isupper(), -written[form], form))
    kind = typing.partner_type(name)
    municipality, region = typing.home(name)
    forms = {normalise(form).form for form in written}
    danish = bool(region) or not DANISH_FORMS.isdisjoint(forms) or kind not in _UNSETTLED
    return Organisation(
        id=key,
        name=name,
        partner_type=kind,
        region=region,
        municipality=municipality,
        country="DK" if danish else "",
        aliases=tuple(sorted(set(written) - {name})),
    )


_UNSETTLED = {PartnerType.VIRKSOMHED, PartnerType.ANDET, PartnerType.UDENLANDSK}
