"""Short texts made into claims: who, with which role, on what, and the words that prove it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from extractors.blocks import ReadBlock, Sentence
from extractors.claims import ClaimFinder
from extractors.cues import load_cues
from extractors.mentions import find_mentions
from extractors.naming import project_name
from extractors.parties import Parties
from extractors.privacy import load_privacy
from extractors.rows import private_values
from models.claims.model import load_model
from models.danish import load_pipeline
from models.gazetteer import load_gazetteer
from models.records import (
    Block,
    BlockKind,
    Claim,
    Corroboration,
    Document,
    Mention,
    MentionLabel,
    ProjectRecord,
    Source,
    SourceKind,
)

DATA = Path(__file__).parents[2] / "data"
HEAD = "|| "
KINDS = {"# ": BlockKind.HEADING, "- ": BlockKind.LIST_ITEM, "| ": BlockKind.TABLE_ROW, ": ": BlockKind.KEY_VALUE}
Read = Callable[..., list[Claim]]


def document(text: str, title: str = "Side", record: ProjectRecord | None = None) -> Document:
    """Lines as blocks: `# ` heading, `- ` list item, `| ` table row, `: ` key and value, else a paragraph; `|| ` names
    the columns below it."""
    blocks, at = [], 0
    columns: list[str] = []
    for line in text.splitlines():
        if line.startswith(HEAD):
            columns = line.removeprefix(HEAD).split(" | ")
            continue
        kind = KINDS.get(line[:2], BlockKind.PARAGRAPH)
        words = line[2:] if line[:2] in KINDS else line
        fields: tuple[tuple[str, str], ...] = ()
        if kind is BlockKind.KEY_VALUE:
            key, _, value = words.partition(": ")
            fields = ((key, value),)
        elif kind is BlockKind.TABLE_ROW:
            cells = words.split(" | ")
            fields = tuple(zip(columns or [""] * len(cells), cells, strict=True))
        blocks.append(Block(kind, words, at, at + len(words), fields=fields))
        at += len(words) + 1
    return Document("d", "kilde", "p", "https://kilde.dk/a", title, date(2014, 3, 1), None, "da", tuple(blocks), record)


@pytest.fixture(scope="module")
def read() -> Read:
    """Reads a text into claims."""
    gazetteer = load_gazetteer(DATA / "gazetteer")
    nlp = load_pipeline("bundled", gazetteer)
    finder = ClaimFinder(Parties(gazetteer, load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy")), "prøve")

    def claims(text: str, name: str = "Kilde", publisher: str = "", **told: object) -> list[Claim]:
        source = Source("kilde", name, publisher, SourceKind.WEBSITE, ("alle",), ("https://kilde.dk/",))
        pairs = find_mentions(nlp, [document(text, **told)], gazetteer.collectives)  # type: ignore[arg-type]
        return [claim for page, blocks in pairs for claim in finder.find(source, page, blocks)]

    return claims


def told(claims: list[Claim]) -> list[tuple[str, dict[str, str]]]:
    """Each claim's project, and its participants with their roles."""
    return [(claim.project, {party.name: str(party.role) for party in claim.participants}) for claim in claims]


def decided(text: str) -> list[tuple[str, dict[str, str]]]:
    """What the model makes of a text."""
    gazetteer = load_gazetteer(DATA / "gazetteer")
    parties = Parties(gazetteer, load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy"))
    finder = ClaimFinder(parties, "prøve", load_model())
    source = Source("kilde", "Kilde", "", SourceKind.WEBSITE, ("alle",), ("https://kilde.dk/",))
    ((page, blocks),) = find_mentions(load_pipeline("bundled", gazetteer), [document(text)], gazetteer.collectives)
    return told(finder.find(source, page, blocks))


def test_a_sentence_becomes_a_claim_with_all_its_facts(read: Read) -> None:
    text = "# Havvind\nI går mødtes folk. Aalborg Universitet og Thisted Kommune går sammen om 'Havets Hus'."
    (claim,) = read(text)
    assert told([claim]) == [("Havets Hus", {"Aalborg Universitet": "partner", "Thisted Kommune": "partner"})]
    assert [party.body_id for party in claim.participants] == ["aalborg-universitet", "thisted-kommune"]
    assert claim.evidence == "Aalborg Universitet og Thisted Kommune går sammen om 'Havets Hus'."
    assert (claim.start, claim.end) == (text.index("Aalborg") - 2, len(text) - 2)
    assert (claim.title, claim.first_year, claim.last_year, claim.page) == ("Havvind", 2014, 2014, None)
    assert (claim.forums, claim.regions, claim.basis) == ((), (), Corroboration.MENTIONED)
    assert (claim.confidence, claim.extractor_version) == (0.8, "prøve")


@pytest.mark.parametrize(
    ("text", "project", "parties"),
    [
        (
            "Væksthus Midtjylland og Dansk Industri vil sammen etablere 'Koblingen'. Initiativet formidler kapital. "
            "Væksthus Midtjylland er kontraktansvarlig.",
            "Koblingen",
            {"Væksthus Midtjylland": "lead", "Dansk Industri": "partner"},
        ),
        (
            "Projektet »Løftet« skal skaffe lærlinge. Parter: Tradium / Dansk Metal. Tradium er projektejer.",
            "Løftet",
            {"Tradium": "lead", "Dansk Metal": "partner"},
        ),
        (
            "Bag Havne-kortet står Køge Kommune, DTU og klyngen CLEAN, og nu er Region Hovedstaden blevet partner.",
            "Havne-kortet",
            {"Køge Kommune": "partner", "DTU": "partner", "CLEAN": "partner", "Region Hovedstaden": "partner"},
        ),
        (
            "Ballerup, Egedal og Furesø Kommuner har lavet en aftale med DTU.",
            "",
            {
                "Ballerup Kommune": "partner",
                "Egedal Kommune": "partner",
                "Furesø Kommune": "partner",
                "DTU": "partner",
            },
        ),
        (
            "Region Nordjylland, Midtjylland og Syddanmark slår pjalterne sammen om Vindens Vej, en fælles indsats.",
            "Vindens Vej",
            {"Region Nordjylland": "partner", "Region Midtjylland": "partner", "Region Syddanmark": "partner"},
        ),
        (
            "Gaarden i Gudhjem, Bornholms Landbrug og Bornholms Erhvervsskole har dannet netværket Smag på Øen.",
            "Smag på Øen",
            {"Gaarden": "member", "Bornholms Landbrug": "member", "Bornholms Erhvervsskole": "member"},
        ),
        (
            "Lyd i Luften samler klinikkerne ved Odense Universitetshospital og Rigshospitalet om bedre apparater. "
            "De to hospitaler har indgået en fælles aftale med virksomheden Trompet Audio A/S.",
            "Lyd i Luften",
            {"Odense Universitetshospital": "partner", "Rigshospitalet": "partner", "Trompet Audio A/S": "partner"},
        ),
        (
            "SDU og Odense Kommune har fået 5 mio. kr. fra Syddansk Vækstforum til at udvikle robotter i fællesskab.",
            "",
            {"SDU": "partner", "Odense Kommune": "partner", "Syddansk Vækstforum": "funder"},
        ),
        (
            "3F Bornholm og Campus Bornholm er sammen om 'Unge Hænder'.",
            "Unge Hænder",
            {"3F Bornholm": "partner", "Campus Bornholm": "partner"},
        ),
    ],
)
def test_sentences_name_project_parties_and_roles(read: Read, text: str, project: str, parties: dict[str, str]) -> None:
    assert told(read(text))[0] == (project, parties)


@pytest.mark.parametrize(
    "text",
    [
        "Region Syddanmark har givet tilskud til SDU og Odense Kommune.",
        "Region Sjælland og Region Hovedstaden overvejer at indgå et samarbejde.",
        "Virksomheder i Region Midtjylland og Region Nordjylland kan samarbejde med universiteterne.",
        "COWI A/S evaluerer samarbejdet mellem kommunerne for Region Syddanmark.",
        "Region Sjælland har ansat en konsulent, som var hos Region Skåne, til at fremme samarbejde med erhvervslivet.",
        "Kommunerne i regionen samarbejder med lokale virksomheder.",
        "Jens Hansen og Mette Nielsen samarbejder med Region Sjælland.",
        "Region Midtjylland skifter vinduer, og Region Sjælland sætter solceller op, hver for sig.",
        "# Talere\n- Jean de France, Dansk Industri\n- Zerline Oldfux, DTU",
        "# Deltagere\n- Jens Hansen\n- Mette Nielsen",
        "# Referat af møde i rådet\n: Deltagere: Region Sjælland; Roskilde Universitet",
        "Følgende ansøgere får tilskud:\n| Ansøger | Beløb\n| Helsingør Kommune | 800.000\n| Halsnæs Kommune | 400.000",
        "# Tilskud\n: Ansøger: Helsingør Kommune\n: Ansøger: Halsnæs Kommune",
    ],
)
def test_what_is_no_collaboration_yields_none(read: Read, text: str) -> None:
    assert read(text) == []


def test_a_list_is_a_claim_with_its_lead_in_and_what_the_topic_adds(read: Read) -> None:
    text = (
        "# Vand i Balance\nProjektet renser vand.\n# Partnere\n- Herning Kommune (projektejer)\n"
        "- Energi og Bygninger Midt\n- VIA University College\n"
        "# Økonomi\nRegion Midtjyllands Vækstforum har bevilget 4 mio. kr."
    )
    (claim,) = read(text)
    assert told([claim]) == [
        (
            "Vand i Balance",
            {
                "Herning Kommune": "lead",
                "Energi og Bygninger Midt": "partner",
                "VIA University College": "partner",
                "Region Midtjyllands Vækstforum": "funder",
            },
        )
    ]
    assert claim.evidence == (
        "Partnere\nHerning Kommune (projektejer)\nEnergi og Bygninger Midt\nVIA University College\n"
        "Region Midtjyllands Vækstforum har bevilget 4 mio. kr."
    )
    assert claim.forums == ("Midtjylland",)


def test_an_agreement_lists_its_parties_after_between(read: Read) -> None:
    text = (
        "# Samarbejdsaftale om Regnens Veje\nDenne samarbejdsaftale er indgået mellem\n"
        "- Region Hovedstaden\n- HOFOR A/S\n"
        "i det følgende kaldet parterne."
    )
    claims = read(text)
    assert told(claims) == [("Regnens Veje", {"Region Hovedstaden": "partner", "HOFOR A/S": "partner"})]
    assert claims[0].evidence == "Denne samarbejdsaftale er indgået mellem\nRegion Hovedstaden\nHOFOR A/S"


def test_a_table_states_roles_beside_names_and_persons_stay_out(read: Read) -> None:
    text = (
        "# Kystens Rute\nKystens Rute er et projekt.\n# Hvem er med?\n"
        "| VisitNordjylland | Projektleder | Zerline Oldfuxdatter, tlf. 70 00 00 09\n"
        "| DTU Risø Campus | Partner | Jeppe Bjergmand, CPR-nr. 010100-0000"
    )
    (claim,) = read(text)
    assert told([claim]) == [("Kystens Rute", {"VisitNordjylland": "lead", "DTU Risø Campus": "partner"})]
    assert claim.evidence == (
        "Hvem er med?\nVisitNordjylland | Projektleder | [person], [kontakt]\n"
        "DTU Risø Campus | Partner | [person], CPR-nr. [kontakt]"
    )


ROUTE = {"VisitNordjylland": "lead", "DTU Risø Campus": "partner", "Thisted Kommune": "partner"}


@pytest.mark.parametrize(
    "table",
    [
        "|| Hvem | Hvad | Rolle\n| VisitNordjylland | Penge | Projektejer\n| DTU Risø Campus | Prøver | Partner\n"
        "| Thisted Kommune | Kyst | Part, lægger stier\n| NIRAS | Tal | Rådgiver (honorar)",
        "# Parter i Kystens Rute pr. 1. marts 2020\n|| Nr | Navn | Rolle\n| 1 | VisitNordjylland | Tovholder\n"
        "| 2 | DTU Risø Campus | Prøver\n| 3 | Thisted Kommune | Stier",
        "|| Projekt | Tilsagnshaver | Medansøgere\n"
        "| Kystens Rute | VisitNordjylland | DTU Risø Campus; Thisted Kommune\n"
        "| Kystens Sti | NIRAS | ikke afklaret\n| Kystens Bro | COWI | Odense Kommune (udtrådt 2018)",
        ": Projektnavn: Kystens Rute\n: Akronym: KYR\n: Leadpartner: VisitNordjylland\n"
        ": Økonomiske partnere: DTU Risø Campus, Thisted Kommune",
    ],
)
def test_tables_tell_parties_by_columns_and_roles(read: Read, table: str) -> None:
    assert told(read(f"# Kystens Rute\nKystens Rute er et projekt.\n{table}")) == [("Kystens Rute", ROUTE)]


def test_each_row_of_a_table_is_of_its_own_project_and_one_that_tells_in_words_is_read(read: Read) -> None:
    rows = (
        "|| Projekt | Hvem er med | Bemærkning\n"
        "| Grøn Havn | Esbjerg Havn, SDU og Claus Sørensen A/S | i gang\n"
        "| Blå Havn | Esbjerg Havn og NIRAS | i gang\n"
    )
    assert [(claim.project, len(claim.participants)) for claim in read(f"# Projekter\n{rows}")] == [
        ("Grøn Havn", 3),
        ("Blå Havn", 2),
    ]
    told_in_words = "|| Nr. | Emne\n| 1 | Aalborg Universitet og Thisted Kommune går sammen om 'Havets Hus'."
    assert told(read(f"# Vækstnyt\n{told_in_words}")) == [
        ("Havets Hus", {"Aalborg Universitet": "partner", "Thisted Kommune": "partner"})
    ]


CROSSED = [
    ("Grøn Havn", {"Esbjerg Havn": "partner", "SDU": "partner", "Nordea-fonden": "funder"}),
    ("Blå Havn", {"SDU": "partner", "Varde Kommune": "partner"}),
]


@pytest.mark.parametrize(
    "rows",
    [
        "||  | Grøn Havn | Blå Havn (2020-22)\n| Esbjerg Havn | x | -\n| SDU | x | x\n| Varde Kommune | - | x\n"
        "| Nordea-fonden | F | -",
        "||  | Grøn Havn | Blå Havn (2020-22)\n| Partnere | Esbjerg Havn | SDU\n| Viden | SDU | Varde Kommune\n"
        "| Støtte | Nordea-fonden | -\n| Slut | 2021 | 2022",
    ],
    ids=["crosses", "roles"],
)
def test_the_columns_of_a_table_may_be_projects(read: Read, rows: str) -> None:
    assert told(read(f"# Hvem er med i hvad\n{rows}")) == CROSSED


def test_who_leads_may_stand_before_the_project_and_what_it_is_before_who_is_behind(read: Read) -> None:
    rows = (
        "|| Tilskudsmodtager | Titel | Øvrige parter i projektet\n"
        "| Esbjerg Havn | Grøn Havn (fase 2) | SDU; Varde Kommune\n| COWI | Bro | ingen\n"
    )
    assert told(read(f"# Projekter\n{rows}")) == [
        ("Grøn Havn", {"Esbjerg Havn": "lead", "SDU": "partner", "Varde Kommune": "partner"})
    ]
    events = "|| Tilbud | Hvem står bag\n| Havnefest | Esbjerg Kommune og SDU\n| Mad på Molen | SDU og Varde Kommune\n"
    assert [claim.project for claim in read(f"# I Esbjerg\n{events}")] == ["Havnefest", "Mad på Molen"]


@pytest.mark.parametrize(
    ("title", "publisher", "funder"),
    [
        ("Tilsagn, efterår 2013", "Syddansk Vækstforum", {"Syddansk Vækstforum": "funder"}),
        ("Uddelinger fra Uddannelsespuljen", "Region Syddanmark", {"Region Syddanmark": "funder"}),
        ("Bevilgede projekter, Syddansk Vækstforum", "Region Syddanmark", {"Syddansk Vækstforum": "funder"}),
        ("Bevilget efter indstilling fra Syddansk Vækstforum", "Region Syddanmark", {"Region Syddanmark": "funder"}),
        ("Tilsagn fra Socialfonden", "Region Syddanmark", {"Socialfonden": "funder"}),
        ("Tilsagn, efterår 2013", "Erhvervsstyrelsen", {}),
        ("Projekter i gang", "Syddansk Vækstforum", {}),
    ],
)
def test_a_list_of_grants_need_not_say_of_each_who_gives(
    read: Read, title: str, publisher: str, funder: dict[str, str]
) -> None:
    rows = "|| Projekt | Ansøger | Partnere\n| Grøn Havn | Esbjerg Havn | SDU; Varde Kommune"
    (claim,) = read(f"# {title}\n{rows}", publisher=publisher)
    assert told([claim])[0][1] == {"Esbjerg Havn": "lead", "SDU": "partner", "Varde Kommune": "partner"} | funder


def test_cells_tell_who_pays_who_is_with_and_what_the_amounts_are(read: Read) -> None:
    rows = (
        "|| Projekt | Ansøger og partnere | Støtte | Bemærkning\n"
        "| Grøn Havn | Esbjerg Havn (ansøger), SDU | Realdania 1,1 mio. kr. | Tilskud 3.000.000 kr.\n"
        "| Blå Havn | Varde Kommune | - | Gennemføres i partnerskab med SDU og Esbjerg Havn. Slut i maj.\n"
        "| Rød Havn | Fanø Kommune | - | (udgået: SDU)"
    )
    assert told(read(f"# Projekter\n{rows}")) == [
        ("Grøn Havn", {"Esbjerg Havn": "lead", "SDU": "partner", "Realdania": "funder"}),
        ("Blå Havn", {"Varde Kommune": "partner", "SDU": "partner", "Esbjerg Havn": "partner"}),
    ]


def test_a_heading_over_a_list_of_parties_names_their_project_and_letters_number_sections(read: Read) -> None:
    text = "# Talents for the Clinic\n# B. Økonomiske partnere\n- Copenhagen Capacity\n- Københavns Universitet"
    assert told(read(text)) == [
        ("Talents for the Clinic", {"Copenhagen Capacity": "partner", "Københavns Universitet": "partner"})
    ]


def test_a_key_that_tells_none_names_no_party_and_one_that_comes_again_begins_another_matter(read: Read) -> None:
    keys = (
        ": Ansøger: Esbjerg Kommune\n: Øvrige deltagere: ingen. SDU er nævnt som eksempel.\n"
        ": Ansøger: Varde Kommune\n: Øvrige deltagere: Der er spurgt hos SDU og Esbjerg Havn.\n"
        ": Ansøger: Vejen Kommune\n: Øvrige deltagere: SDU og Fanø Kommune"
    )
    assert [parties for _, parties in told(read(f"# Ansøgninger\n{keys}"))] == [
        {"Vejen Kommune": "lead", "SDU": "partner", "Fanø Kommune": "partner"}
    ]


@pytest.mark.parametrize(
    ("name", "may"), [("Havets Hus", True), ("Jubilæumsfonden", False), ("South Baltic-programmet", False)]
)
def test_what_pays_is_no_project(read: Read, name: str, may: bool) -> None:
    (claim,) = read(f"# Nyt\nVarde Kommune og Esbjerg Kommune går sammen om projektet '{name}'.")
    assert (claim.project == name) is may


def test_a_project_s_name_is_no_person_s_in_the_words_that_prove_it(read: Read) -> None:
    rows = "|| Projekt | Ansøger | Partnere\n| Sofie Havn | Esbjerg Havn | SDU; Varde Kommune"
    (claim,) = read(f"# Projekter\n{rows}")
    assert ("[person]" in claim.evidence) == ("[person]" in claim.project)


def test_keys_name_project_lead_partners_funder_and_years(read: Read) -> None:
    (claim,) = read(
        ": Projekt: Grøn Havn\n: Projektejer: Esbjerg Kommune\n: Partnere: Esbjerg Havn, SDU og Claus Sørensen A/S\n"
        ": Finansiering: Syddansk Vækstforum\n: Periode: 2014-2016"
    )
    assert told([claim]) == [
        (
            "Grøn Havn",
            {
                "Esbjerg Kommune": "lead",
                "Esbjerg Havn": "partner",
                "SDU": "partner",
                "Claus Sørensen A/S": "partner",
                "Syddansk Vækstforum": "funder",
            },
        )
    ]
    assert (claim.first_year, claim.last_year) == (2014, 2016)


def test_what_a_topic_says_later_belongs_to_its_project(read: Read) -> None:
    text = (
        "# OPI-Hjulet: innovation på tværs\nOPI-Hjulet samler idéer.\n"
        "Region Midtjylland og Welfare Tech har indgået en aftale.\n"
        "Aarhus Universitet og VIA University College er partnere i projektet. Hanstholm Havn er med som partner."
    )
    assert told(read(text)) == [
        (
            "OPI-Hjulet",
            {
                "Region Midtjylland": "partner",
                "Welfare Tech": "partner",
                "Aarhus Universitet": "partner",
                "VIA University College": "partner",
                "Hanstholm Havn": "partner",
            },
        ),
    ]


def test_chapters_with_two_collaborations_keep_them_apart(read: Read) -> None:
    text = (
        "# Sundhed\nVelfærds-Broen sluttede i december. "
        "I projektet har SDU og Sønderborg Kommune sammen udviklet apparater.\n"
        "Resultatkontrakten mellem Syddansk Vækstforum og Welfare Tech er inde i sit andet år."
    )
    claims = read(text)
    assert told(claims) == [
        ("Velfærds-Broen", {"SDU": "partner", "Sønderborg Kommune": "partner"}),
        ("", {"Syddansk Vækstforum": "partner", "Welfare Tech": "partner"}),
    ]
    assert claims[1].title == "Resultatkontrakten mellem Syddansk Vækstforum og Welfare Tech"


def test_an_agenda_item_is_named_by_its_heading_when_the_text_calls_it_a_project(read: Read) -> None:
    text = "# Sag 4: Faglært på Deltid\nTradium og Dansk Metal har aftalt at uddanne voksne. Aftalen sigter bredt."
    assert [(claim.title, claim.project) for claim in read(text)] == [("Faglært på Deltid", "Faglært på Deltid")]


def test_parts_of_a_topic_never_give_it_a_title(read: Read) -> None:
    text = "# Grøn Vej\n# Formål\nProjektet gennemføres af DTU i samarbejde med Køge Kommune."
    assert [(claim.title, claim.project) for claim in read(text)] == [("Grøn Vej", "Grøn Vej")]


@pytest.mark.parametrize(
    ("told_by", "forums"),
    [
        ({"title": "Vækstforum Nordjylland"}, ("Nordjylland",)),
        ({"name": "Vækstforum Sjælland"}, ("Sjælland",)),
        ({}, ()),
    ],
)
def test_the_forum_of_a_page_is_told_by_its_title_or_source(
    read: Read, told_by: dict[str, str], forums: tuple[str, ...]
) -> None:
    (claim,) = read("DTU og Køge Kommune går sammen om Havets Hus.", **told_by)
    assert claim.forums == forums


def test_the_forum_alone_is_the_forum_of_the_page(read: Read) -> None:
    (claim,) = read(
        "DTU og Køge Kommune går sammen om Havets Hus. Forummet bevilgede 2 mio. kr.", title="Vækstforum Sjælland"
    )
    assert told([claim])[0][1] == {"DTU": "partner", "Køge Kommune": "partner", "Vækstforum Sjælland": "funder"}


@pytest.mark.parametrize(
    ("text", "publisher", "parties"),
    [
        (
            "Sammen med DTU og Køge Kommune bygger vi en kaj.",
            "Region Sjælland",
            ["Region Sjælland", "DTU", "Køge Kommune"],
        ),
        ("Regionen har indgået en aftale med DTU om kajen.", "Region Sjælland", ["Region Sjælland", "DTU"]),
        ("Kommunen har indgået en aftale med DTU om kajen.", "Region Sjælland", []),  # who that is, is not said
        ("- Vi arbejder sammen med DTU og Køge Kommune, siger havnen.", "Region Sjælland", ["DTU", "Køge Kommune"]),
    ],
)
def test_a_publisher_that_speaks_of_itself_is_a_party(
    read: Read, text: str, publisher: str, parties: list[str]
) -> None:
    assert [list(found) for _, found in told(read(text, publisher=publisher))] == ([parties] if parties else [])


def test_behind_a_key_that_names_a_project_is_what_is_told_of_it() -> None:
    keys = (
        ": Fjordens Hjerte: Odense Kommune, DTU og Syddansk Universitet er med.\n"
        ": Byens Bier: Odense Kommune, DTU og Region Sjælland er med."
    )
    assert decided(f"# Projekter\n{keys}") == [
        ("Fjordens Hjerte", {"Odense Kommune": "partner", "DTU": "partner", "Syddansk Universitet": "partner"}),
        ("Byens Bier", {"Odense Kommune": "partner", "DTU": "partner", "Region Sjælland": "partner"}),
    ]


def test_sentences_that_name_other_projects_and_parties_are_of_two_collaborations() -> None:
    text = (
        "# Nye projekter\nI Fjordens Hjerte går Odense Kommune og SDU sammen om badevand. "
        "I Byens Bier går Køge Kommune og DTU sammen om honning."
    )
    assert decided(text) == [
        ("Fjordens Hjerte", {"Odense Kommune": "partner", "SDU": "partner"}),
        ("Byens Bier", {"Køge Kommune": "partner", "DTU": "partner"}),
    ]


def test_the_only_project_of_a_document_is_that_of_its_claims(read: Read) -> None:
    text = (
        "# Ny kaj på vej\nDTU og Køge Kommune samarbejder om strøm.\nDet tager tre år.\nArbejdet hedder »Strøm på Kaj«."
    )

    assert [project for project, _ in told(read(text))] == ["Strøm på Kaj"]


def test_a_forum_that_has_the_matter_before_it_is_no_party(read: Read) -> None:
    text = "Køge Kommune og DTU samarbejder om kajen. "
    for more, forum in (
        ("Det indstilles, at Vækstforum Sjælland tager sagen til efterretning.", {}),
        ("Der søges 3 mio. kr. hos Vækstforum Sjælland.", {}),
        ("Vækstforum Sjælland bevilger 3 mio. kr.", {"Vækstforum Sjælland": "funder"}),
    ):
        assert told(read(text + more)) == [("", {"Køge Kommune": "partner", "DTU": "partner"} | forum)], more


@pytest.mark.parametrize(
    ("name", "text", "bare"),
    [
        ("Vadehavets Lys", "Bag Vadehavets Lys, et lysprojekt, står Esbjerg og Tønder Kommuner.", "Vadehavets Lys"),
        ("Grøn Havns", "Grøn Havns partnere mødtes. I Grøn Havn er Skive Kommune med.", "Grøn Havn"),
        ("Grøn Havns", "Grøn Havns partnere mødtes.", "Grøn Havn"),
        ("Grøn Havns", "Grøn Havns ”blå” partnere", "Grøn Havn"),
        ("Sundhed på tværs", "Sundhed på tværs\nProjektet samler Skive Kommune og DTU.", "Sundhed på tværs"),
        ("Skyhavn", "Skyhavn, et projekt.", "Skyhavn"),
    ],
)
def test_a_project_keeps_an_s_of_its_own(name: str, text: str, bare: str) -> None:
    assert project_name(name, text) == bare


def test_minutes_and_what_the_text_states_are_noted(read: Read) -> None:
    (claim,) = read(
        "# Referat\nRegion Sjælland og Region Skåne har indgået en grænseoverskridende, tværregional samarbejdsaftale."
    )
    assert (claim.basis, claim.international, claim.cross_regional) == (Corroboration.MINUTES, True, True)


def test_a_row_of_a_table_of_projects_is_funded(read: Read) -> None:
    record = ProjectRecord("Viden i Vand", "DTU", ("Køge Kommune", "Jens Hansen"), "Sjælland", "", date(2010, 1, 1))
    (claim,) = read(": Projekt: Viden i Vand\n: Partnere: DTU\nProjektet renser vand.", record=record)
    assert told([claim]) == [("Viden i Vand", {"DTU": "lead", "Køge Kommune": "partner"})]
    assert (claim.basis, claim.forums, claim.context) == (
        Corroboration.FUNDED,
        ("Sjælland",),
        "Projektet renser vand.",
    )


def test_no_person_is_in_any_field(read: Read) -> None:
    text = (
        "# Jens Hansen fortæller\nDTU og Køge Kommune går sammen om Havets Hus, siger Zerline Oldfux "
        "på tlf. 70 00 00 01, post@example.org.\nReferent: Geske Kandestøber."
    )
    (claim,) = read(text)
    words = repr(claim)
    assert [part for part in ("Hansen", "Oldfux", "70 00", "example", "Kandestøber") if part in words] == []


def test_the_same_text_gives_the_same_claims(read: Read) -> None:
    text = "DTU og Køge Kommune går sammen om Havets Hus."
    assert read(text) == read(text)


def test_the_context_is_masked_before_it_is_cut(read: Read) -> None:
    opening = "DTU og Køge Kommune går sammen om Havets Hus."
    for length in range(2985, 3001):
        filler = "x" * (length - len(opening) - 2)
        (claim,) = read(f"{opening} {filler} 70 00 00 01")
        assert "70" not in claim.context
        assert not claim.context.endswith(("[", "[k", "[kontakt"))


def test_columns_of_persons_are_masked_and_no_parties() -> None:
    cues = load_cues(DATA / "cues.toml")
    row = Block(
        BlockKind.TABLE_ROW,
        "Køge Kommune | Xo Wi | 2012",
        0,
        27,
        fields=(("Partner", "Køge Kommune"), ("Navn", "Xo Wi"), ("Telefon", "2012")),
    )
    assert private_values(cues, [ReadBlock(row, ())]) == ("Xo Wi", "2012")
    alone = Block(BlockKind.TABLE_ROW, "Xo Wi", 0, 5, fields=(("Navn", "Xo Wi"),))
    assert private_values(cues, [ReadBlock(alone, ())]) == ()
    project = Sentence(0, 27, (Mention("d", 15, 20, "Xo Wi", MentionLabel.PROJECT),))
    assert private_values(cues, [ReadBlock(row, (project,))]) == ("2012",)
    misread = Sentence(0, 27, (Mention("d", 15, 20, "Xo Wi", MentionLabel.ORG),))
    assert private_values(cues, [ReadBlock(row, (misread,))]) == ("Xo Wi", "2012")


def test_a_given_name_alone_is_the_person_s(read: Read) -> None:
    text = "Mikkel Storvorde er ansat. DTU og Køge Kommune går sammen om Havets Hus. Mikkel læser i Aalborg."
    (claim,) = read(text)
    assert claim.context == (
        "[person] er ansat. DTU og Køge Kommune går sammen om Havets Hus. [person] læser i Aalborg."
    )


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Køge Kommune ligger ved vandet. Projektet 'Havets Hus' gennemføres foruden kommunen af DTU og "
            "Stevns Værft A/S.",
            ["Køge Kommune", "DTU", "Stevns Værft A/S"],
        ),
        (
            "DTU og Køge Kommune er efter indstilling fra Vækstforum Sjælland gået sammen om projektet 'Havets Hus'.",
            ["DTU", "Køge Kommune"],
        ),
    ],
)
def test_the_model_s_parties_are_joined_by_who_is_meant_and_not_by_who_recommends(
    text: str, parties: list[str]
) -> None:
    assert sorted(decided(text)[0][1]) == sorted(parties)


@pytest.mark.parametrize(
    "pays", ["Projektet er støttet af Nordea-fonden med 2 mio. kr.", ": Finansiering: Nordea-fonden"]
)
def test_who_pays_by_a_sentence_or_a_key_of_its_own_joins_what_others_state(pays: str) -> None:
    text = (
        "# Nyt fra kysten\nVarde Kommune og Esbjerg Kommune er gået sammen om projektet 'Havets Hus'.\n"
        f"Huset åbner til maj.\n{pays}"
    )
    assert decided(text) == [
        ("Havets Hus", {"Varde Kommune": "partner", "Esbjerg Kommune": "partner", "Nordea-fonden": "funder"})
    ]


def test_a_table_under_a_heading_that_ends_with_parties_names_them_and_not_who_looks_on(read: Read) -> None:
    text = (
        "# HVID ERT 2030 | parter pr. 1. juni 2023\n|| Nr. | Navn | Siden\n| 1 | Køge Kommune | 2021\n"
        "| 2 | DTU | 2022\n| - | CLEAN | udtrådt 31/12\n| - | Lolland Kommune | følger fra sidelinjen"
    )
    assert [parties for _, parties in told(read(text))] == [{"Køge Kommune": "partner", "DTU": "partner"}]
