"""Documents made into mentions: offsets, ids, and what a document introduces for all of its blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spacy.language import Language

from extractors.mentions import find_mentions
from models.danish import load_pipeline
from models.records import Block, BlockKind, Document, Mention, MentionLabel, ProjectRecord


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def document(*texts: str) -> Document:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text, 0, len(text)) for text in texts)
    return Document("d", "kilde", "p", "https://kilde.dk/", "", None, None, "da", blocks)


def mentions(nlp: Language, *texts: str) -> list[list[tuple[str, str, str]]]:
    ((_, blocks),) = find_mentions(nlp, [document(*texts)], {"regionerne"})
    return [[(one.text, one.body_id, one.origin) for one in read.mentions] for read in blocks]


def test_a_block_is_read_into_sentences_with_mentions(nlp: Language) -> None:
    page = document("Her er DTU. Projektet »Sund Vej« løber.")

    ((found, (read,)),) = find_mentions(nlp, [page])

    assert (found, read.block) == (page, page.blocks[0])
    assert [(sentence.start, sentence.end) for sentence in read.sentences] == [(0, 11), (12, 39)]
    assert [replace(one, parts=(), place=None) for one in read.mentions] == [
        Mention("d", 7, 10, "DTU", MentionLabel.ORG, "danmarks-tekniske-universitet"),
        Mention("d", 23, 31, "Sund Vej", MentionLabel.PROJECT, "", "pattern"),
    ]
    assert [sum(one.parts) for one in read.mentions] == [pytest.approx(1)] * 2
    assert len({one.place.stretch for one in read.mentions if one.place}) == 1


def test_what_plays_a_part_is_not_told_by_rulers_alone() -> None:
    ((_, (read,)),) = find_mentions(load_pipeline("rulers"), [document("Her er DTU.")])

    assert [(one.parts, one.place) for one in read.mentions] == [((), None)]


def test_documents_come_in_order_and_an_empty_one_has_no_blocks(nlp: Language) -> None:
    first, second = document(), document("Her er DTU.")
    found = list(find_mentions(nlp, iter([first, second])))
    assert [(page, len(blocks)) for page, blocks in found] == [(first, 0), (second, 1)]


def test_a_row_of_a_register_is_not_read(nlp: Language) -> None:
    row = replace(document("DTU og Køge Kommune"), record=ProjectRecord("Kaj", "DTU", ("Køge Kommune",)))
    assert list(find_mentions(nlp, [row])) == [(row, ())]


def test_an_abbreviation_holds_in_the_whole_document(nlp: Language) -> None:
    assert mentions(nlp, "Guldborgsund Kommune (herefter GB) er med.", "GB's hus og GBX.") == [
        [
            ("Guldborgsund Kommune", "guldborgsund-kommune", "gazetteer"),
            ("Guldborgsund Kommune", "guldborgsund-kommune", "structure"),
        ],
        [("Guldborgsund Kommune", "guldborgsund-kommune", "structure"), ("GBX", "", "pattern")],
    ]


def test_an_abbreviation_of_the_document_wins_over_another_body_of_that_name(nlp: Language) -> None:
    assert [body for _, body, _ in mentions(nlp, "Hjørring Kommune (herefter HK) er med. HK betaler.")[0]] == [
        "hjoerring-kommune"
    ] * 3


def test_an_abbreviation_may_stand_below_the_body(nlp: Language) -> None:
    told = mentions(nlp, "Assens Kommune", "CVR 00 00 00 00", "(herefter AK)", "AK betaler.", 'Kernen ("KN") kom.')
    assert told[3] == [("Assens Kommune", "assens-kommune", "structure")]


def test_a_common_noun_is_no_abbreviation(nlp: Language) -> None:
    found = mentions(nlp, "Køge Kommune (herefter Parterne) er med.", "Parterne mødes.")
    assert found == [[("Køge Kommune", "koege-kommune", "gazetteer")], []]


def test_a_project_named_once_is_found_again(nlp: Language) -> None:
    assert mentions(nlp, "Det sker i projektet »Havets Hus«.", "I Havets Hus er der vand.") == [
        [("Havets Hus", "", "pattern")],
        [("Havets Hus", "", "pattern")],
    ]


def test_only_a_collective_may_begin_small(nlp: Language) -> None:
    assert mentions(nlp, "regionerne og region syddanmark") == [[("regionerne", "regionerne", "gazetteer")]]


def test_what_ends_a_person_s_name_or_stands_behind_a_host_is_a_person(nlp: Language) -> None:
    page = document(
        "Landmand Poul-Erik Strandgaard Bay har ærgret sig. Strandgaard Bay leverer selv roerne til Nordic Sugar.",
        "Ribe Kranudlejning v/ Børge Tved, Blåvand Dykkerservice og Esbjerg Havn er medlemmer.",
    )

    ((_, blocks),) = find_mentions(nlp, [page])

    persons = {one.text for read in blocks for one in read.mentions if one.label is MentionLabel.PER}
    assert {"Poul-Erik Strandgaard Bay", "Strandgaard Bay", "Børge Tved"} <= persons
    assert not any("Tved" in one.text for read in blocks for one in read.mentions if one.label is MentionLabel.ORG)


def projects(nlp: Language, *blocks: Block) -> list[list[str]]:
    page = replace(document(), blocks=blocks)
    ((_, read),) = find_mentions(nlp, [page])
    return [[one.text for one in block.mentions if one.label is MentionLabel.PROJECT] for block in read]


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, *marked: str) -> Block:
    return Block(kind, text, 0, len(text), marked=marked)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            'DTU og Køge Kommune går sammen om "Fugle, får og fyrtårne - ture fra Agger til Blåvand".',
            "Fugle, får og fyrtårne - ture fra Agger til Blåvand",
        ),
        ("DTU og Køge Kommune driver et forløb, der går under navnet Faglært til tiden.", "Faglært til tiden"),
        (
            "DTU og Køge Kommune gennemfører projektet Lysets Vej: 400 lamper på fire år (herefter LV).",
            "Lysets Vej: 400 lamper på fire år",
        ),
        ('DTU og Køge Kommune har sammen lavet kampagnen "Kom op og køl af".', "Kom op og køl af"),
        ("I projektet Havnens Hænder uddanner Køge Kommune, DTU og CLEAN lærlinge.", "Havnens Hænder"),
        ("Ad Sild på Skinner: DTU og Køge Kommune har sammen ansat en kok.", "Sild på Skinner"),
    ],
)
def test_a_project_is_named_whole(nlp: Language, text: str, name: str) -> None:
    assert projects(nlp, block(text)) == [[name]]


def test_a_heading_or_what_is_set_off_tells_where_a_name_ends(nlp: Language) -> None:
    heading = block("2.2 Bløde Bakker, Hårde Data (BBHD)", BlockKind.HEADING)
    body = block("DTU og Køge Kommune har i Bløde Bakker, Hårde Data sammen lavet et kort.")
    set_off = block("For et år siden fandtes Regnbed i Række kun på papir.", BlockKind.PARAGRAPH, "Regnbed i Række")

    assert "Bløde Bakker, Hårde Data" in projects(nlp, heading, body, set_off)[1]
    assert projects(nlp, heading, body, set_off)[2] == ["Regnbed i Række"]


def test_a_firm_that_is_called_something_is_no_project(nlp: Language) -> None:
    assert projects(nlp, block("Virksomheden hedder Lagune Kraft A/S og ligger i Køge.")) == [[]]


def test_a_short_name_in_brackets_is_the_body_s_and_no_project(nlp: Language) -> None:
    told = mentions(
        nlp,
        'Aftalen er mellem Region Sjælland, Alléen 15, Sorø (i det følgende "Regionen"), og DTU.',
        "Regionen betaler.",
    )
    assert told[1] == [("Region Sjælland", "region-sjaelland", "structure")]
