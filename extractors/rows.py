"""Parties that stand in lists, tables and key-value lines, with the role that the key, the column or a cell states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from extractors.blocks import ReadBlock
from extractors.cues import NEUTRAL, Cues
from extractors.parties import Parties, Setting
from extractors.topics import DENIED, MAX_NAME_WORDS, PARTY_SECTIONS, Listing, Topic
from models.identity.collaborations import project_key
from models.identity.names import LEGAL_FORM
from models.records import Block, BlockKind, Mention, MentionLabel, Participant, Role

ROLE = "role"
"""The section of a column that says what part each row's party plays."""
REACH = 2500  # characters between the first and the last block of one list of parties
ROLE_WORDS = 3  # of a cell that says what part a party plays
FEWEST_ACROSS = 2  # rows of a table whose columns are projects

_YEAR = re.compile(r"\b(?:19[89]|20[0-4])\d\b")
_AMOUNT = re.compile(r"\d{3}")
_SUM = re.compile(r"[,:]? \d[\d.,]* ?(?:(?:t\.?|mio\.? ?)?kr\b\.?|euro|%|pct\.?)$")
_PIECES = re.compile(r"\s{0,4}(?:[,;/\n]| og )\s{0,4}")
_BESIDE_NAME = re.compile(r"(?<=\w)\s{1,4}\([^()]{2,60}\)$")  # "Tid til Trøst (TtT)"
_OF_SEVERAL = re.compile(r"(?i)(?:partnere|parter|deltagere|ansøgere|hvem)\b")  # a column of several parties a cell
_WITH = re.compile(
    r"(?:(?:gennemføres|udføres|drives|sker) )?(?:sammen|i (?:\w+ )?(?:samarbejde|partnerskab)) med |"
    r"(?:\w+ )?(?:projekt)?partnere?: ",
    re.IGNORECASE,
)
_LIKE_PERSON = re.compile(r"(?:[A-ZÆØÅ][\w.'-]* ){1,3}[A-ZÆØÅ][\w'-]*")
_MONEY = re.compile(r"tilskud|støtte|bevilling|finansier", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:Der|Det|Vi|Alle|Som) [a-zæøå]+ ")
_CROSS = re.compile(r"[xX✓✔●•*+FLfl]|ja")  # who is with; who only pays, and who leads
_ROWS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.KEY_VALUE)


def collect(parties: Parties, topic: Topic, setting: Setting) -> None:
    """Add to the topic the parties, the projects and the years that its rows state; each project begins a list."""
    keys = (key for read in topic.blocks for key, _ in read.block.fields)
    attended = topic.first and parties.cues.sections.attendance.search(topic.heading)
    if attended and not any(parties.cues.section(key) in ("project", "lead") for key in keys):
        return  # who was at a meeting
    crossed = _collect_across(parties, topic, setting)
    for read, (section, lead_in) in zip(topic.blocks, topic.sections, strict=True):
        if read.block.kind in _ROWS and section != DENIED and id(read) not in crossed:
            _collect_row(parties, topic, read, section if section in PARTY_SECTIONS else "", setting)
            listing = topic.listings[-1]
            if listing.evidence == [read] and lead_in is not None and section in PARTY_SECTIONS:
                listing.evidence.insert(0, lead_in)
    named = {listing.project for listing in topic.listings if listing.project}
    if len(named) == 1:
        topic.project = topic.project or named.pop()


def _projects_across(cues: Cues, block: Block) -> bool:
    """Whether a row's columns are projects: behind a party's name, crosses; behind a role, the parties that play it."""
    (key, first), *others = block.fields or (("", ""),)
    if block.kind is not BlockKind.TABLE_ROW or key or not others or any(cues.section(name) for name, _ in others):
        return False
    named = all(any(map(str.isalpha, name)) for name, _ in others)
    crossed = all(_CROSS.fullmatch(cell) or not any(map(str.isalnum, cell)) for _, cell in others)
    return named and (crossed or cues.section(first) in PARTY_SECTIONS)


def _collect_across(parties: Parties, topic: Topic, setting: Setting) -> set[int]:
    """A list of parties for each column that is a project; gives back which blocks told them, by identity."""
    across = [read for read in topic.blocks if _projects_across(parties.cues, read.block)]
    if len(across) < FEWEST_ACROSS:
        return set()
    projects = {key for read in across for key, _ in read.block.fields[1:]}
    rows = [read for read in topic.blocks if {key for key, _ in read.block.fields[1:]} & projects]
    listings: dict[str, Listing] = {}
    for read in rows:
        (_, first), *others = read.block.fields
        for project, cell in others:
            listing = listings.setdefault(project, Listing(project=_BESIDE_NAME.sub("", project)))
            if _CROSS.fullmatch(cell):
                role = {"f": Role.FUNDER, "l": Role.LEAD}.get(cell.casefold(), Role.PARTNER)
                _add(parties, listing, read, (first, role, False), setting)
            else:
                section = parties.cues.section(first)
                role = Role(section) if section in PARTY_SECTIONS else Role.PARTNER
                _add(parties, listing, read, (cell, role, True), setting)
    topic.listings += [*listings.values(), Listing()]
    return set(map(id, rows))


def _collect_row(parties: Parties, topic: Topic, read: ReadBlock, section: str, setting: Setting) -> None:
    block, cues = read.block, parties.cues
    cells = [_cell(cues, key, value) for key, value in _public(cues, read)]
    if block.kind is BlockKind.LIST_ITEM:
        cells = [(section, block.text)]
    elif all(kind in ("", ROLE, NEUTRAL) for kind, _ in cells) and (public := _public(cues, read)):
        section = section or ("partner" if any(kind == ROLE and cues.role(value) for kind, value in cells) else "")
        key, value = next((one for one in public if any(map(str.isalpha, one[1]))), public[0])
        cells = [(section, key if block.kind is BlockKind.KEY_VALUE else value), *cells]
    elif _names_what(block, cells):
        cells[0] = ("project", cells[0][1])
    if any(kind == ROLE and cues.is_outside(value) for kind, value in cells):
        return
    if section and block.kind is BlockKind.TABLE_ROW and any(map(cues.is_apart, (value for _, value in block.fields))):
        return
    cells += [("funder", value) for value in _paid_by(cues, read)]
    stated = _stated_role(parties, read, cells)
    for kind, value in sorted(cells, key=lambda cell: cell[0] != "project"):
        if kind == "project":
            value = _BESIDE_NAME.sub("", value)  # noqa: PLW2901 - the cell without what stands behind the name
            last = topic.listings[-1]
            named_again = block.kind is BlockKind.KEY_VALUE and not last.parties  # by its short name
            if last.project and (value == last.project or named_again):
                topic.also[project_key(value)] = last.project
                continue
            if last.project or last.parties:
                topic.listings.append(Listing())
            topic.listings[-1].project = value
        elif kind == "period":
            years = sorted(map(int, _YEAR.findall(value)))
            topic.years = (years[0], years[-1]) if years else None
        elif kind in PARTY_SECTIONS and not _is_vacant(cues, block, value):
            if kind == "lead" and _begins_again(topic.listings[-1], block):
                topic.listings.append(Listing())
            many = block.kind is BlockKind.KEY_VALUE and value != block.fields[0][0]
            many = many or not any(told == value and not _OF_SEVERAL.search(key) for key, told in block.fields)
            _add(parties, topic.listings[-1], read, (value, stated or Role(kind), many), setting)


def _cell(cues: Cues, key: str, value: str) -> tuple[str, str]:
    """The section of a cell and what it tells; a cell of another column may say itself who is with."""
    section = cues.section(key)
    said = _WITH.match(value) if section in ("", NEUTRAL) else None
    return ("partner", value[said.end() :].partition(". ")[0]) if said else (section, value)


def _paid_by(cues: Cues, read: ReadBlock) -> Iterator[str]:
    """Cells of a row that name who gives the money, beside how much: "Bikubenfonden 1,1 mio. kr."."""
    if read.block.kind is BlockKind.TABLE_ROW:
        for key, value in _public(cues, read):
            if _MONEY.search(key) and not cues.section(key) and not cues.is_vacant(value) and _names_body(read, value):
                yield value


def _is_vacant(cues: Cues, block: Block, value: str) -> bool:
    """Whether no party is told: a cell says so, or the value of a key begins so, or is a whole sentence."""
    if block.kind is BlockKind.KEY_VALUE:
        return bool(cues.vacant.match(value) or _SENTENCE.match(value))
    return block.kind is BlockKind.TABLE_ROW and cues.is_vacant(value)


def _begins_again(listing: Listing, block: Block) -> bool:
    """Whether a key that has told who leads does so again, of the next matter."""
    keys = {key for read in listing.evidence if read.block.kind is BlockKind.KEY_VALUE for key, _ in read.block.fields}
    return len(listing.parties) > 1 and block.fields[0][0] in keys


def _names_what(block: Block, cells: list[tuple[str, str]]) -> bool:
    """Whether the first cell of a row is what the parties of another are together on ("Tilbud", "Hvem står bag")."""
    kinds = [kind for kind, _ in cells]
    several = any(
        kind == "partner" and _OF_SEVERAL.match(key) for (key, _), kind in zip(block.fields, kinds, strict=False)
    )
    first = cells[0][1] if cells else ""
    wanted = several and not {"project", "lead"} & set(kinds) and kinds[0] == ""
    return block.kind is BlockKind.TABLE_ROW and wanted and len(first.split()) <= MAX_NAME_WORDS


def private_values(cues: Cues, blocks: Iterable[ReadBlock]) -> tuple[str, ...]:
    """What stands in columns and behind keys for persons and contacts ("Kontaktperson"), each value once."""
    values = (
        value.strip()
        for read in blocks
        for field in read.block.fields
        if field not in _public(cues, read)
        for value in (field[1], *_PIECES.split(field[1]))
    )
    return tuple(dict.fromkeys(value for value in values if len(re.sub(r"\W", "", value)) > 1))


def _public(cues: Cues, read: ReadBlock) -> list[tuple[str, str]]:
    """The fields of a row but for those of persons; "Navn" is a person's where another column names the body, unless
    what stands there was read as a body's or a project's name."""
    fields = read.block.fields
    beside = any(cues.section(key) in PARTY_SECTIONS for key, _ in fields)
    return [
        (key, value)
        for key, value in fields
        if not cues.is_private(key, beside_party=beside and not _names_body(read, value))
    ]


def _names_body(read: ReadBlock, value: str) -> bool:
    """Whether a cell is the name of a body or a project, most of it, and cannot be a person's."""
    at, value = read.block.text.find(value), _SUM.sub("", value)
    inside = [one for one in read.mentions if at <= one.start and one.end <= at + len(value)]
    like_person = _LIKE_PERSON.fullmatch(value) and not LEGAL_FORM.search(value)
    named = sum(
        one.end - one.start
        for one in inside
        if one.label is MentionLabel.PROJECT
        or (one.label is MentionLabel.ORG and (one.body_id or not like_person))  # what no list knows may be misread
    )
    return 2 * named > len(value) and not any(one.label is MentionLabel.PER for one in inside)


def _stated_role(parties: Parties, read: ReadBlock, cells: list[tuple[str, str]]) -> Role | None:
    """The role that a role column states, or, in a row of a list of parties, any other cell."""
    cues = parties.cues
    by_column = [value for kind, value in cells if kind == ROLE]
    if not by_column and read.block.kind is BlockKind.TABLE_ROW and any(kind == "partner" for kind, _ in cells):
        short = (value for _, value in read.block.fields[1:] if len(value.split()) <= ROLE_WORDS)
        by_column = [value for value in short if not _AMOUNT.search(value)]
    return next(filter(None, map(cues.role, by_column)), None)


def _add(parties: Parties, listing: Listing, read: ReadBlock, named: tuple[str, Role, bool], setting: Setting) -> None:
    value, role, many = named
    at = read.block.text.find(value)
    inside = [_moved(one, at) for one in read.mentions if at <= one.start and one.end <= at + len(value)]
    find = parties.of_list if many else parties.of_item
    found = find(value, inside, role, setting)
    if not found:
        return
    listing.parties += found
    listing.known = listing.known or bool(inside) or any(map(_is_known, found))
    if not listing.evidence or read.block.end - listing.evidence[0].block.start <= REACH:
        listing.evidence.append(read)


def _is_known(party: Participant) -> bool:
    return bool(party.body_id or LEGAL_FORM.search(party.name))


def _moved(mention: Mention, by: int) -> Mention:
    """The mention, counted from `by`."""
    return replace(mention, start=mention.start - by, end=mention.end - by)
