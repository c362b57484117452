"""Documents made into mentions: which organisations and projects each block names, and where its sentences end.

What a document introduces holds in all of it: the abbreviation of a body ("Guldborgsund Kommune (herefter GB)"), and a
project that one sentence names and another only repeats.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.blocks import ReadBlock, Sentence
from extractors.documents.errors import UnreadableDocument
from extractors.titles import whole_titles
from models.danish.entities import Played, follow, played
from models.identity.names import genitive_base
from models.records import Block, Document, Mention, MentionLabel, Place

LONGEST = 500_000  # characters of a block; a longer one is no running text
BATCH = 64  # blocks that spaCy takes at once
ACTS = 0.5  # probability from which a name is likely to be a party

_INTRODUCED = re.compile(
    r"\s*\([\"'»“]?(?:(?:herefter|i det følgende|forkortet)(?: kaldet| benævnt)?:? [\"'»“]?([A-ZÆØÅ][\w\-]*)"
    r"|([A-ZÆØÅ]{2}[\w\-]{0,8}|(?<=[\"“”»'])[A-ZÆØÅ][\w\-]{1,20}(?=[\"“”«'])))[\"'«”]?\)"
)
_IN_FULL = re.compile(
    r"[^()\n]{0,90}?\((?:herefter|i det følgende|i aftalen|nedenfor)(?: kaldet| benævnt)?:? [\"'»“”]?"
    r"([A-ZÆØÅ][\w\-]*)[\"'«”“]?\)"
)  # with its address between: "Region Syddanmark, Damhaven 12, 7100 Vejle (i det følgende "Regionen")"
_JOINT = (MentionLabel.ORG, MentionLabel.PROJECT)
_HOST = re.compile(r"\bv/\s?$")
_FULL_NAME = re.compile(r"(?:[A-ZÆØÅ][a-zæøåéü-]+(?:-[A-ZÆØÅ][a-zæøå]+)? ){1,3}[A-ZÆØÅ][a-zæøåéü-]+")
_BEHIND = re.compile(rf"\s+v/\s?({_FULL_NAME.pattern})$")
_PARTIES = re.compile(r"(?i)part(?:ner)?(?:e|ne|erne)?$|aftalen?$|projektet$")


def find_mentions(
    nlp: Language, documents: Iterable[Document], collectives: Container[str] = ()
) -> Iterator[tuple[Document, tuple[ReadBlock, ...]]]:
    """Each document with its blocks read, in the order given; blocks go through the pipeline in batches.

    The text of a mention by an introduced abbreviation is the name that it stands for. A row of a register names its
    parties in its fields and is not read. Raises UnreadableDocument.
    """
    for document in documents:
        if document.record is not None:
            yield document, ()
            continue
        longest = max((len(block.text) for block in document.blocks), default=0)
        if longest > LONGEST:
            raise UnreadableDocument(f"Et afsnit er på {longest:,} tegn: det er ikke løbende tekst".replace(",", "."))
        texts = follow(nlp.make_doc(block.text) for block in document.blocks)
        docs = nlp.pipe(texts, batch_size=BATCH)
        read = [_read(document.id, block, doc, collectives) for block, doc in zip(document.blocks, docs, strict=True)]
        yield document, _with_introduced(document.id, read)


def _read(document_id: str, block: Block, doc: Doc, collectives: Container[str]) -> ReadBlock:
    """A name does not begin with a small letter; only the plural of a collective ("vækstforaene") may."""
    sentences, told = [], played(doc)
    for sentence in doc.sents:
        mentions = (
            Mention(
                document_id,
                entity.start_char,
                entity.end_char,
                entity.text,
                MentionLabel(entity.label_),
                entity.ent_id_,
                "gazetteer" if entity.ent_id_ else "pattern",
                *(() if told is None else _playing(told, entity.start)),
            )
            for entity in sentence.ents
            if entity.label_ in MentionLabel.__members__
            and (not entity.text[0].islower() or entity.ent_id_ in collectives)
        )
        apart = tuple(part for one in mentions for part in _apart(one))
        sentences.append(Sentence(sentence.start_char, sentence.end_char, apart))
    return ReadBlock(block, tuple(sentences))


def _apart(mention: Mention) -> Iterator[Mention]:
    """A firm's name without the person behind it ("Ribe Kranudlejning v/ Børge Tved"), and the person."""
    behind = _BEHIND.search(mention.text) if mention.label is MentionLabel.ORG and not mention.body_id else None
    if behind is None:
        yield mention
        return
    at = mention.start + behind.start(1)
    yield replace(mention, text=mention.text[: behind.start()], end=mention.start + behind.start())
    yield replace(mention, text=behind[1], start=at, label=MentionLabel.PER, parts=(), place=None)


def _playing(told: Played, at: int) -> tuple[tuple[float, ...], Place]:
    place = Place(int(told.stretches[at]), tuple(map(float, told.places[at])))
    return tuple(map(float, told.parts[at])), place


def _with_introduced(document_id: str, blocks: Sequence[ReadBlock]) -> tuple[ReadBlock, ...]:
    """The blocks with mentions added for what some block introduces."""
    blocks = _of_one_kind(whole_titles(document_id, blocks))
    introduced = dict(_aliases(blocks))
    before: list[Mention] = []  # bodies of the last blocks
    for at, read in enumerate(blocks):
        bodies = [one for one in read.mentions if one.label is MentionLabel.ORG]
        for mention in read.mentions:
            if mention.label is MentionLabel.PROJECT and len(mention.text) > 3:
                introduced.setdefault(mention.text, mention)
        told = [(mention, _INTRODUCED.match(read.block.text, mention.end)) for mention in bodies]
        told += [(mention, _INTRODUCED.fullmatch(read.block.text)) for mention in before[-1:]]
        for mention, match in told:
            short = (match[1] or match[2]) if match else ""
            if short and not _PARTIES.search(short):
                introduced.setdefault(short, mention)
        before = bodies or [one for one in before if one in blocks[at - 1].mentions]
    if not introduced:
        return tuple(blocks)
    names = "|".join(re.escape(name) for name in sorted(introduced, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({names})(?=(?:['’]?s)?(?![\w-]))")
    return tuple(_completed(read, pattern, introduced) for read in blocks)


def _aliases(blocks: Sequence[ReadBlock]) -> Iterator[tuple[str, Mention]]:
    """Short names that are told in brackets right behind a body's that is known or is likely to be a party."""
    for read in blocks:
        bodies = [one for one in read.mentions if one.label is MentionLabel.ORG]
        for one, after in zip(bodies, [*(one.start for one in bodies[1:]), len(read.block.text)], strict=False):
            match = _INTRODUCED.match(read.block.text, one.end)
            far = None if match else _IN_FULL.match(read.block.text, one.end)
            short = (match[1] or match[2]) if match else far[1] if far and far.start(1) <= after else ""
            if short and not _PARTIES.search(short) and (one.body_id or (one.parts and one.parts[0] < 1 - ACTS)):
                yield short, one


def _of_one_kind(blocks: Sequence[ReadBlock]) -> list[ReadBlock]:
    """What is a project at least as often as a body, and no known one, is a project throughout ("Kystens Kulisser").

    What ends a person's name, or stands behind "v/", is a person.
    """
    kinds: dict[str, Counter[MentionLabel]] = defaultdict(Counter)
    for read in blocks:
        for one in read.mentions:
            kinds[_bare(one)][MentionLabel.ORG if one.body_id else one.label] += 10 if one.body_id else 1
    persons = _surnames(one.text for read in blocks for one in read.mentions if one.label is MentionLabel.PER)
    projects = {
        name for name, labels in kinds.items() if labels[MentionLabel.PROJECT] >= max(1, labels[MentionLabel.ORG])
    }

    def kept(one: Mention, text: str) -> Mention:
        known = one.body_id or one.label not in _JOINT
        if not known and (
            _bare(one) in persons or (_HOST.search(text, 0, one.start) and _FULL_NAME.fullmatch(one.text))
        ):
            return replace(one, label=MentionLabel.PER)
        told = one.label is MentionLabel.ORG and not one.body_id and _bare(one) in projects
        return replace(one, label=MentionLabel.PROJECT) if told else one

    return [
        replace(
            read,
            sentences=tuple(
                replace(sentence, mentions=tuple(kept(one, read.block.text) for one in sentence.mentions))
                for sentence in read.sentences
            ),
        )
        for read in blocks
    ]


def _surnames(names: Iterable[str]) -> set[str]:
    """The ends of persons' names that stand for them: "Strandgaard Bay" for "Poul-Erik Strandgaard Bay"."""
    words = (genitive_base(name).split() for name in names)
    return {" ".join(told[at:]) for told in words for at in range(1, len(told)) if len(told[at]) > 2}


def _bare(mention: Mention) -> str:
    return genitive_base(mention.text)


def _completed(read: ReadBlock, pattern: re.Pattern[str], introduced: dict[str, Mention]) -> ReadBlock:
    if not pattern.search(read.block.text):
        return read
    sentences = []
    for sentence in read.sentences:
        mentions = [_meant(one, introduced) for one in sentence.mentions]
        for match in pattern.finditer(read.block.text, sentence.start, sentence.end):
            if not any(one.start < match.end() and match.start() < one.end for one in sentence.mentions):
                meant = introduced[match[1]]
                mentions.append(replace(meant, start=match.start(), end=match.end(), origin="structure"))
        sentences.append(replace(sentence, mentions=tuple(sorted(mentions, key=lambda one: one.start))))
    return replace(read, sentences=tuple(sentences))


def _meant(mention: Mention, introduced: dict[str, Mention]) -> Mention:
    """The mention; a name that the document gives to a body stands for that body, whoever else bears it."""
    meant = introduced.get(mention.text.removesuffix("'s").removesuffix("’s"))
    short = meant is not None and meant.label is MentionLabel.ORG and len(mention.text) < len(meant.text)
    fits = meant is not None and (meant.label is mention.label or mention.label not in _JOINT or short)
    if meant is None or not fits or meant.text == mention.text:
        return mention
    return replace(
        meant,
        start=mention.start,
        end=mention.end,
        origin="structure",
        parts=mention.parts,
        place=mention.place,
    )
