from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import (
    NO_THEME,
    REGIONS,
    Block,
    BlockKind,
    Document,
    Page,
    PartnerType,
    Response,
    Role,
    Theme,
    digest,
)


def test_the_six_themes_bear_the_names_of_the_mapping_of_2011_in_its_order() -> None:
    assert [(str(theme), theme.danish) for theme in Theme] == [
        ("klima_energi", "Klima og energi"),
        ("sundhed_velfaerd", "Sundheds- og velfærdsinnovation og -teknologi"),
        ("ivaerksaetteri_vaekst", "Iværksætteri og vækstvirksomheder"),
        ("turisme_oplevelser", "Turisme og oplevelsesøkonomi"),
        ("kompetenceudvikling", "Kompetenceudvikling"),
        ("kapital_investering", "Kapitalformidling/investeringsfremme"),
    ]
    assert NO_THEME not in list(Theme)


def test_vocabularies_are_those_of_the_contract() -> None:
    assert [str(role) for role in Role] == ["lead", "partner", "member", "funder"]
    assert REGIONS == ("Nordjylland", "Midtjylland", "Syddanmark", "Sjælland", "Hovedstaden", "Bornholm")
    assert [str(kind) for kind in PartnerType] == [
        "vaekstforum",
        "region",
        "kommune",
        "videninstitution",
        "erhvervsfremme",
        "virksomhed",
        "arbejdsmarkedspart",
        "stat",
        "udenlandsk",
        "andet",
    ]


def test_a_digest_is_sha256_over_parts_that_end_in_a_zero_byte() -> None:
    assert digest("å", b"b") == hashlib.sha256("å\0b\0".encode()).hexdigest()
    assert digest("å", b"b", length=12) == digest("å", "b")[:12]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=3))
def test_where_one_part_ends_and_the_next_begins_matters(parts: list[str]) -> None:
    assert digest(*parts) != digest("".join(parts))
    assert digest(*parts) != digest(*parts, "")


def test_another_source_address_or_content_is_another_page() -> None:
    keys = {Page.key(*parts) for parts in [("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("b", "b", "c")]}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {24}


def test_offsets_lead_back_through_repairs_to_the_text_as_read() -> None:
    """As read: "ret-\\ntet  hjælp", repaired to "rettet hjælp": "-\\n" was cut after 3, a blank after 7."""
    block = Block(BlockKind.PARAGRAPH, "rettet hjælp", 100, 115, shifts=((3, 5), (7, 10)))
    read = "ret-\ntet  hjælp"
    assert [read[block.as_read(at) - 100] for at in range(len(block.text))] == list(block.text)
    assert block.as_read(len(block.text)) == 115
    assert block.as_read(99) == 115


def test_without_repairs_offsets_run_in_step() -> None:
    block = Block(BlockKind.PARAGRAPH, "hjælp", 10, 15)
    assert [block.as_read(at) for at in range(6)] == [10, 11, 12, 13, 14, 15]


def test_the_text_of_a_document_is_its_blocks_line_by_line() -> None:
    blocks = (Block(BlockKind.HEADING, "Titel", 0, 5), Block(BlockKind.PARAGRAPH, "Tekst.", 6, 12))
    document = Document("d", "k", "p", "https://a.dk/", "Titel", None, None, "da", blocks)
    assert document.text == "Titel\nTekst."


def test_what_prints_a_response_does_not_print_its_body() -> None:
    response = Response("https://a.dk/", "text/html", b"010203-1234", datetime(2026, 1, 1, tzinfo=UTC))
    assert "010203" not in repr(response)


@pytest.mark.parametrize("kind", [Page, Block, Document, Response])
def test_records_are_frozen_and_hold_nothing_but_their_fields(kind: type) -> None:
    names = {field.name for field in fields(kind)}
    assert set(kind.__slots__) == names
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_records_need_the_standard_library_alone() -> None:
    program = (
        "import sys; import models.records; "
        "print(sorted(name.split('.')[0] for name in sys.modules if name.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "['__main__', 'models', 'models']\n"
