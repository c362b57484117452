"""A store of made-up collaborations of any size, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models import tables, wording
from models.records import REGIONS, Theme, digest

CLAIMS = 10  # of each collaboration
BATCH = 1000  # collaborations that are written at once
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SOURCES, QUESTIONS, REVIEWERS = 47, 2000, ("Anna", "Bent", "Carla")

PLACES = (
    "Hjørring",
    "Aabenraa",
    "Køge",
    "Viborg",
    "Svendborg",
    "Rønne",
    "Holbæk",
    "Randers",
    "Kolding",
    "Skive",
    "Varde",
)
KINDS = ("Kommune", "Erhvervsskole", "Havn", "Sygehus", "Erhvervsråd", "Museum", "Maskinfabrik A/S", "Gymnasium")
THINGS = (
    "vindmøller",
    "turismen",
    "fjordbaner",
    "robotter",
    "genoptræning",
    "fødevarer",
    "filmen",
    "havnene",
    "klimaet",
)
DEEDS = ("udvikler", "afprøver", "styrker", "samler", "finansierer", "åbner", "uddanner", "undersøger", "ombygger")
WHOM = ("virksomheder", "borgere", "unge", "patienter", "gæster", "håndværkere", "forskere", "landmænd", "studerende")
FIRST = ("Grøn", "Blå", "Stærk", "Ny", "Fælles", "Levende", "Åben", "Sund", "Klog", "Nordlig", "Stille", "Hurtig")
SECOND = ("Bro", "Vej", "Horisont", "Kystlinje", "Motor", "Værksted", "Alliance", "Fjord", "Ramme", "Puls", "Ring")


class Invented:
    """Rows of a store, made up by chance; the same for the same size."""

    def __init__(self, size: int, model_version: str) -> None:
        self.chance = random.Random(2011)
        self.size = size
        self.model_version = model_version
        self.bodies = [
            (f"o{at:010x}", f"{self.chance.choice(PLACES)} {self.chance.choice(KINDS)} {at}")
            for at in range(max(size // 5, 20))
        ]

    def fill(self, connection: sa.Connection) -> None:
        """All tables that the review reads."""
        for start in range(0, self.size, BATCH):
            found: dict[sa.Table, list[dict[str, Any]]] = {}
            for number in range(start, min(start + BATCH, self.size)):
                for table, row in self.collaboration(number):
                    found.setdefault(table, []).append(row)
            for table, of_table in found.items():
                connection.execute(table.insert(), of_table)
            wording.write(connection, {row["id"]: row["folded"] for row in found[tables.listings]})
        for table, of_table in self._rest():
            for start in range(0, len(of_table), BATCH):
                connection.execute(table.insert(), of_table[start : start + BATCH])

    def sentence(self) -> str:
        pick = self.chance.choice
        return f"{pick(PLACES)} {pick(KINDS)} {pick(DEEDS)} {pick(THINGS)} for {pick(WHOM)} i {pick(PLACES)}."

    def collaboration(self, number: int) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
        chance, key, passage = self.chance, f"c{number:012x}", digest("tekst", str(number), length=32)
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}"
        parties = chance.sample(self.bodies, 4)
        themes = [str(theme) for theme in chance.sample(list(Theme), chance.choice((0, 1, 1, 2)))]
        sources = sorted({f"kilde-{chance.randrange(SOURCES)}" for _ in range(2)})
        seen = NOW - timedelta(days=chance.randrange(600))
        written = [[name, "partner", ""] for _, name in parties]
        for at in range(CLAIMS):
            page, claim = digest("side", key, str(at)), digest("udsagn", key, str(at))
            source = chance.choice(sources)
            address = f"https://{source}.eksempel.dk/sager/{number}/{at}"
            evidence = f"{', '.join(one[0] for one in written)} er sammen om projektet {name}. {self.sentence()}"
            context = " ".join((self.sentence(), evidence, self.sentence()))
            yield tables.pages, {
                "id": page, "source_id": source, "url": address, "media_type": "text/html", "charset": "utf-8",
                "fetched_at": seen, "last_seen": NOW, "content": page, "record": f"urn:{page[:32]}", "etag": "",
                "last_modified": "", "archive_file": "", "archive_offset": 0, "archive_length": 0, "current": True,
            }  # fmt: skip
            yield tables.documents, {
                "id": page, "source_id": source, "page_id": page, "url": address, "title": name, "published": None,
                "updated": None, "language": "da", "signature": b"",
            }  # fmt: skip
            yield tables.claims, {
                "id": claim, "document_id": page, "source_id": source, "title": name, "project": name,
                "participants": written, "evidence": evidence, "start": 0, "end": len(evidence), "page": None,
                "context": context, "forums": [], "regions": ["Nordjylland"], "cross_regional": False,
                "international": False, "first_year": 2012, "last_year": 2014, "basis": "mentioned",
                "confidence": round(chance.uniform(0.5, 1), 3), "extractor_version": "1",
            }  # fmt: skip
            yield tables.members, {
                "claim_id": claim, "collaboration_id": key, "document_id": page, "project": name, "title": name,
                "parties": [one[0] for one in parties], "seen": seen,
            }  # fmt: skip
        yield tables.collaborations, {"id": key, "first_seen": seen}
        if number % 10 == 0:
            yield tables.redirects, {"old_id": f"cf{number:011x}", "new_id": key}
        probabilities = {str(theme): round(chance.random(), 4) for theme in Theme}
        yield tables.predictions, {
            "text_digest": passage, "model_version": self.model_version, "probabilities": probabilities,
            "themes": themes, "review": number % 3 == 0,
        }  # fmt: skip
        decided = self._decisions(key, passage, themes) if number % 5 == 1 else []
        yield from ((tables.decisions, one) for one in decided)
        reason = chance.choice(("uncertain", "weak", "new", "", "")) if not decided else ""
        names = ", ".join(one[1] for one in parties)
        yield tables.listings, {
            "id": key, "title": name, "project": name, "parties": names,
            "folded": f"{name} {name} {names}".casefold(), "themes": joined(themes), "forums": "",
            "regions": joined(sorted(chance.sample(REGIONS, 2))), "sources": joined(sources),
            "corroboration": "mentioned", "cross_regional": True, "international": False, "participant_count": 4,
            "claim_count": CLAIMS, "first_year": 2012, "last_year": chance.randrange(2008, 2026),
            "first_seen": seen.date().isoformat(), "last_seen": NOW.date().isoformat(), "confidence": 0.8,
            "passage": passage, "extraction": passage[:20],
            "review": decided[-1]["verdict"] if decided else "automatic",
            "reviewers": joined(sorted({one["reviewer"] for one in decided})), "reason": reason,
            "worth": round(chance.uniform(0.3, 0.9), 6) if reason else 0.0, "changed": "",
        }  # fmt: skip
        for body, written_name in parties:
            yield tables.listed_parties, {
                "collaboration_id": key, "organisation_id": body, "name": written_name, "role": "partner",
            }  # fmt: skip

    def _decisions(self, key: str, passage: str, themes: list[str]) -> list[dict[str, Any]]:
        made = []
        for reviewer in self.chance.sample(REVIEWERS, self.chance.choice((1, 1, 1, 2))):
            at = NOW - timedelta(minutes=self.chance.randrange(1, 100_000))
            made.append({
                "id": digest("afgørelse", key, reviewer, length=24), "at": at, "reviewer": reviewer,
                "collaboration_id": key, "verdict": "accepted", "themes": themes, "passage": passage,
                "model_version": self.model_version, "note": "", "title": None, "project": None, "participants": None,
                "before": "", "undoes": "",
            })  # fmt: skip
        return made

    def _rest(self) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
        chance = self.chance
        empty = dict.fromkeys(("municipality", "cvr", "ror", "wikidata", "valid_from", "valid_to", "successor_id"), "")
        yield tables.organisations, [
            {**empty, "id": key, "name": name, "partner_type": "kommune", "region": "Nordjylland", "country": "DK",
             "aliases": [], "body_id": ""}
            for key, name in self.bodies
        ]  # fmt: skip
        yield tables.questions, [
            {"id": f"{at:016x}", "left": chance.choice(self.bodies)[1], "right": chance.choice(self.bodies)[1],
             "chance": 0.5, "worth": round(chance.uniform(0.4, 0.85), 6), "kind": "organisation"}
            for at in range(QUESTIONS)
        ]  # fmt: skip
        keys = [f"kilde-{at}" for at in range(SOURCES)]
        yield tables.sources, [
            {"id": key, "name": key.title(), "publisher": "", "kind": "website", "regions": ["alle"],
             "run_started": None}
            for key in keys
        ]  # fmt: skip
        counts = {"fresh": 5, "changed": 2, "unchanged": 900, "failed": 1, "refused": 0, "vanished": 0}
        yield (
            tables.runs,
            [
                {"source_id": key, "source_name": key, "at": NOW - timedelta(days=day), **counts}
                for key in keys
                for day in range(200)
            ],
        )
        yield tables.changes, [
            {"page_id": digest("ændret", str(at)), "source_id": chance.choice(keys), "at": NOW, "kept": 1, "added": 1,
             "removed": 0}
            for at in range(self.size)
        ]  # fmt: skip
        yield tables.failures, [
            {"source_id": chance.choice(keys), "url": f"https://eksempel.dk/{at}", "step": "fetch", "reason": "500",
             "at": NOW, "kind": ""}
            for at in range(self.size // 50)
        ]  # fmt: skip


def joined(values: list[str]) -> str:
    """As the listing keeps lists."""
    return f";{';'.join(values)};" if values else ""
