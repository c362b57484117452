"""What reviewers do in the browser, what the store then holds, and what the next dataset says."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from flows import training
from flows.engines import Engines
from flows.review import work
from flows.review.listing import catch_up, drawn_twice
from models.decisions import decision
from models.listing import Listed, Search
from models.records import Decision, Participant, Relation, Role, Theme, Verdict
from models.tables import claims

if TYPE_CHECKING:
    from tests.flows.review.conftest import Desk

ANDET = "0" * 24  # an id that nothing has


def told(one: Decision) -> tuple[object, ...]:
    """What a decision says, without its id and moment."""
    return (
        one.reviewer,
        one.collaboration_id,
        one.verdict,
        one.themes,
        one.title,
        one.project,
        one.participants,
        one.note,
    )


def wait() -> str:
    """What was told of the work that was started, once it has come to its end."""
    for thread in threading.enumerate():
        if thread.name.endswith("(_done)"):
            thread.join(120)
    assert not work.state().running
    return work.state().told


# The queue


def test_the_queue_has_the_worthiest_first_and_says_why_each_waits(shelf: Desk) -> None:
    visitor = shelf.visitor()
    waiting = sorted((row for row in shelf.rows() if row.worth), key=lambda row: (row.worth, row.id), reverse=True)
    assert shelf.queued(visitor) == [row.id for row in waiting][:30]
    page = visitor.page("/koe")
    counted = {str(one.strong.string): one.get_text(" ", strip=True) for one in page.select("ul.why li") if one.strong}
    why = shelf.listings.reasons()
    names = {"uncertain": "usikkert tema", "weak": "svagt udsagn", "new": "ny"}
    assert why.keys() <= names.keys()
    assert counted == {str(count): f"{count} {names[reason]}" for reason, count in why.items()}
    ranks = [list(names).index(row.reason) for row in waiting]
    assert ranks == sorted(ranks)


def test_the_next_is_the_worthiest_of_collaborations_and_questions(shelf: Desk) -> None:
    visitor = shelf.visitor()
    rows = [(one.worth, f"/samarbejde/{one.id}") for one in shelf.listings.waiting(Search(), "Anna", 100)]
    questions = [(one.worth, f"/spoergsmaal/{one.id}") for one in shelf.listings.questions(100)]
    places = [path for _, path in sorted([*rows, *questions], key=lambda one: -one[0])]
    last = max(min(map(places.index, kind)) for kind in ([path for _, path in rows], [path for _, path in questions]))
    for path in places[: last + 1]:  # up to where both kinds have come
        assert visitor.get("/naeste").location == path
        visitor.post("/spring-over", {"id": path.rpartition("/")[2]})


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("soeg=KYST+by", lambda row: "kyst" in row.folded and "by" in row.folded),
        ("region=Bornholm", lambda row: "Bornholm" in row.regions),
        ("tema=klima_energi", lambda row: "klima_energi" in row.themes),
        (
            "region=Sj%C3%A6lland&tema=turisme_oplevelser",
            lambda row: {"Sjælland"} <= {*row.regions} and "turisme_oplevelser" in row.themes,
        ),
        ("kilde=ukendt", lambda _: False),
        ("siden=2026-11-25", lambda row: row.first_seen >= "2026-11-25"),
        ("siden=2026-11-24", lambda row: row.first_seen >= "2026-11-24"),
        ("soeg=%25", lambda _: False),
        ("region=Atlantis", lambda _: True),
    ],
)
def test_the_queue_holds_what_fits_its_filters(shelf: Desk, asked: str, fits: Callable[..., bool]) -> None:
    visitor = shelf.visitor()
    waiting = sorted(
        (row for row in shelf.rows() if row.worth and fits(row)), key=lambda row: (row.worth, row.id), reverse=True
    )
    links = [str(one["href"]) for one in visitor.page(f"/koe?{asked}").select("ol.cards a")]
    shown = [one.partition("?")[0].removeprefix("/samarbejde/") for one in links if one.startswith("/samarbejde/")]
    assert shown == [row.id for row in waiting][:30]


def test_filters_go_along_to_the_next(desk: Desk) -> None:
    visitor = desk.visitor()
    waiting = desk.listings.waiting(Search(region="Bornholm"), "Anna", 2)
    form = visitor.form(waiting[0].id)
    answer = visitor.post(
        f"/samarbejde/{waiting[0].id}/afgoer?region=Bornholm", [*form.items(multi=True), ("afgoerelse", "godkend")]
    )
    assert answer.location == "/naeste?region=Bornholm"
    assert visitor.get(answer.location).location == f"/samarbejde/{waiting[1].id}?region=Bornholm"


# Decisions


def test_what_is_accepted_is_published_as_it_was_shown(desk: Desk) -> None:
    visitor, row, before = desk.visitor(), desk.plain()[0], desk.publish()
    answer = visitor.decide(row.id, "godkend", note="set")
    (made,) = desk.engines.store.decisions()
    assert told(made) == ("Anna", row.id, Verdict.ACCEPTED, tuple(map(Theme, row.themes)), None, None, None, "set")
    assert (made.at, made.passage, made.model_version) == (desk.now, row.passage, desk.engines.themes_version)
    assert json.loads(made.before) == {
        "title": row.title,
        "project": row.project,
        "parties": row.parties,
        "themes": list(row.themes),
        "extraction": row.extraction,
    }
    assert answer.location == "/naeste"
    assert row.id not in desk.queued(visitor)
    assert (desk.row(row.id).review, desk.row(row.id).worth) == ("accepted", 0.0)
    assert desk.publish() == {**before, row.id: {**before[row.id], "review": "accepted"}}


def test_what_is_corrected_is_published_so(desk: Desk) -> None:
    visitor, row, before = desk.visitor(), desk.plain()[0], desk.publish()
    parties = desk.listings.parties(row.id)
    names = [*(one.name for one in parties[1:]), "Et Nyt Hus", "", "  "]
    roles = [*("member" for _ in parties[1:]), "lead", "partner", "funder"]
    visitor.decide(
        row.id, "ret", tema=["kompetenceudvikling", "klima_energi"], title="En  anden titel", project="Et projekt",
        deltager=names, rolle=roles,
    )  # fmt: skip
    (made,) = desk.engines.store.decisions()
    sent = (*(Participant(one.name, Role.MEMBER) for one in parties[1:]), Participant("Et Nyt Hus", Role.LEAD))
    themes = (Theme.KLIMA_ENERGI, Theme.KOMPETENCEUDVIKLING)
    assert told(made) == ("Anna", row.id, Verdict.CORRECTED, themes, "En anden titel", "Et projekt", sent, "")
    assert row.id not in desk.queued(visitor)
    after = desk.publish()
    assert {key: value for key, value in after.items() if key != row.id} == {
        key: value for key, value in before.items() if key != row.id
    }
    now = after[row.id]
    assert (now["title"], now["project"], now["review"], now["themes"]) == (
        "En anden titel", "Et projekt", "corrected", ["klima_energi", "kompetenceudvikling"],
    )  # fmt: skip
    assert sorted(now["parties"]) == sorted((one.name, str(one.role)) for one in sent)
    assert desk.row(row.id).title == "En anden titel"


def test_none_of_the_six_themes_can_be_the_right_answer(desk: Desk) -> None:
    row = next(one for one in desk.plain() if one.themes)
    desk.visitor().decide(row.id, "ret", tema=[])
    (made,) = desk.engines.store.decisions()
    assert (made.verdict, made.themes) == (Verdict.CORRECTED, ())
    assert desk.publish()[row.id]["themes"] == []


@pytest.mark.parametrize(
    ("answer", "changed", "verdict"),
    [("godkend", {"tema": ["klima_energi"]}, Verdict.CORRECTED), ("ret", {}, Verdict.ACCEPTED)],
)
def test_the_fields_say_whether_anything_was_corrected(
    desk: Desk, answer: str, changed: dict[str, list[str]], verdict: Verdict
) -> None:
    row = next(one for one in desk.plain() if one.themes == ("turisme_oplevelser",))
    desk.visitor().decide(row.id, answer, **changed)
    assert [one.verdict for one in desk.engines.store.decisions()] == [verdict]


def test_what_is_rejected_leaves_queue_and_dataset_and_stays_in_the_table(desk: Desk) -> None:
    visitor, row, before = desk.visitor(), desk.plain()[0], desk.publish()
    visitor.decide(row.id, "afvis", tema=["klima_energi"], title="Noget andet")
    (made,) = desk.engines.store.decisions()
    assert told(made) == ("Anna", row.id, Verdict.REJECTED, (), None, None, None, "")
    assert row.id not in desk.queued(visitor)
    assert desk.publish() == {key: value for key, value in before.items() if key != row.id}
    assert [one.id for one in desk.listings.find(Search(review="rejected"), 50).rows] == [row.id]
    assert f"/samarbejde/{row.id}" in visitor.get("/samarbejder?stand=rejected").text


def test_a_decision_whose_row_was_not_written_leaves_the_queue_when_the_review_starts(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    made = decision(desk.now, "Bent", row.id, Verdict.REJECTED, (), row.passage, desk.engines.themes_version, "")
    desk.engines.store.add_decisions([made])
    assert row.id in desk.queued(visitor)
    catch_up(desk.engines)
    assert row.id not in desk.queued(visitor)
    assert desk.row(row.id).review == "rejected"


def test_who_is_unsure_leaves_it_to_others(desk: Desk) -> None:
    visitor, other, row, before = desk.visitor(), desk.visitor("Bent"), desk.plain()[0], desk.publish()
    visitor.decide(row.id, "ved-ikke", note="spørg Bent")
    (made,) = desk.engines.store.decisions()
    themes = tuple(map(Theme, row.themes))
    assert told(made) == ("Anna", row.id, Verdict.UNSURE, themes, None, None, None, "spørg Bent")
    assert row.id not in desk.queued(visitor)
    assert row.id in desk.queued(other)
    assert "spørg Bent" in other.text(f"/samarbejde/{row.id}")
    assert desk.publish() == before


def test_a_form_of_another_text_stores_nothing(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    answer = visitor.decide(row.id, "godkend", passage="f" * 24)
    assert answer.status_code == 200
    assert "Samarbejdet er ændret, mens du læste. Intet er gemt" in answer.text
    assert desk.engines.store.decisions() == []
    assert desk.row(row.id) == row


def test_a_title_that_was_corrected_stays_so_when_another_accepts_it(desk: Desk) -> None:
    row = desk.plain()[0]
    parties = desk.listings.parties(row.id)
    desk.visitor().decide(
        row.id,
        "ret",
        title="Rettet titel",
        deltager=[one.name for one in parties[1:]],
        rolle=[one.role for one in parties[1:]],
    )
    first = desk.publish()[row.id]
    desk.later(hours=1)
    desk.visitor("Bent").decide(row.id, "godkend")
    assert desk.engines.store.decisions()[-1].verdict is Verdict.ACCEPTED
    assert desk.publish()[row.id] == {**first, "review": "accepted"}


def test_a_correction_can_be_corrected_back(desk: Desk) -> None:
    row, before = desk.plain()[0], desk.publish()
    desk.visitor().decide(row.id, "ret", title="Rettet titel")
    desk.publish()
    desk.visitor("Bent").decide(row.id, "ret", title=row.title)
    assert desk.publish()[row.id]["title"] == before[row.id]["title"]


def test_a_long_title_from_a_page_can_be_accepted(desk: Desk) -> None:
    row = replace(desk.plain()[0], title="Et langt navn " * 40 + "på noget")
    desk.write(row)
    assert desk.visitor().decide(row.id, "godkend").status_code == 302
    assert [(one.verdict, one.title) for one in desk.engines.store.decisions()] == [(Verdict.ACCEPTED, None)]


def test_one_name_of_two_organisations_is_no_correction(desk: Desk) -> None:
    row = next(one for one in desk.plain() if one.participant_count > 2)
    name = desk.listings.parties(row.id)[0].name
    with desk.engines.store.transaction() as connection:
        connection.execute(
            sa.text("UPDATE listed_party SET name = :name WHERE collaboration_id = :key"), {"name": name, "key": row.id}
        )
    desk.visitor().decide(row.id, "godkend")
    assert [(one.verdict, one.participants) for one in desk.engines.store.decisions()] == [(Verdict.ACCEPTED, None)]


# What changed since


def reread(desk: Desk, key: str, project: str) -> None:
    """Another night finds another project, in other words, in the claims of a collaboration."""
    ids = [one.claim.id for one in desk.engines.store.claims_of(key)]
    with desk.engines.store.transaction() as connection:
        changed = claims.update().where(claims.c.id.in_(ids))
        connection.execute(changed.values(project=project, context=f"Parterne går sammen om {project}."))


@pytest.mark.parametrize(("answer", "review"), [("godkend", "accepted"), ("afvis", "rejected")])
def test_what_was_decided_on_another_text_waits_again_and_stands(desk: Desk, answer: str, review: str) -> None:
    visitor, row = desk.visitor(), next(one for one in desk.plain() if one.project)
    visitor.decide(row.id, answer)
    reread(desk, row.id, "Et ganske andet projekt")
    desk.publish()
    now = desk.row(row.id)
    assert (now.review, now.reason, now.reviewers) == (review, "changed", ())
    assert desk.queued(visitor)[0] == row.id
    assert "Ændret siden afgørelsen" in visitor.text(f"/samarbejde/{row.id}")
    assert visitor.decide(row.id, answer).status_code == 302
    assert row.id not in desk.queued(visitor)


def test_what_was_decided_holds_where_only_the_words_are_others(desk: Desk) -> None:
    visitor, row = desk.visitor(), next(one for one in desk.plain() if one.project)
    visitor.decide(row.id, "godkend")
    reread(desk, row.id, row.project)
    desk.publish()
    assert desk.row(row.id).passage != row.passage
    assert row.id not in desk.queued(visitor)


# Undoing


def test_the_last_is_undone_and_waits_again(desk: Desk) -> None:
    visitor, (row, other) = desk.visitor(), desk.plain()[:2]
    before = desk.publish()
    visitor.decide(other.id, "afvis")
    visitor.decide(row.id, "ret", title="Forkert")
    answer = visitor.post("/fortryd")
    assert answer.location == f"/samarbejde/{row.id}"
    assert row.id in desk.queued(visitor)
    assert desk.row(row.id) == row
    assert desk.publish() == {key: value for key, value in before.items() if key != other.id}
    assert "Der er intet at fortryde." in visitor.post("/fortryd", follow_redirects=True).text


def test_any_decision_is_undone_and_that_too(desk: Desk) -> None:
    visitor, (row, other) = desk.visitor(), desk.plain()[:2]
    before = desk.publish()
    visitor.decide(row.id, "afvis")
    visitor.decide(other.id, "godkend")
    rejected = next(one for one in desk.engines.store.decisions() if one.collaboration_id == row.id)
    desk.visitor("Bent").post("/fortryd", {"id": rejected.id})
    withdrawn = next(one for one in desk.engines.store.decisions() if one.verdict is Verdict.WITHDRAWN)
    assert (withdrawn.reviewer, withdrawn.undoes, withdrawn.collaboration_id) == ("Bent", rejected.id, row.id)
    assert desk.publish() == {**before, other.id: {**before[other.id], "review": "accepted"}}
    assert row.id in desk.queued(visitor)
    visitor.post("/fortryd", {"id": withdrawn.id})
    assert row.id not in desk.queued(visitor)
    assert row.id not in desk.publish()


def test_an_earlier_decision_stands_again_when_the_later_is_undone(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    visitor.decide(row.id, "ret", title="Den første")
    visitor.decide(row.id, "ret", title="Den anden")
    visitor.post("/fortryd")
    assert desk.publish()[row.id]["title"] == "Den første"
    assert [one["class"] for one in visitor.page("/afgoerelser").select("ol.history li")] == [
        ["gone"],
        ["gone"],
        ["stands"],
    ]


def test_what_nobody_decided_cannot_be_undone(desk: Desk) -> None:
    answer = desk.visitor().post("/fortryd", {"id": ANDET})
    assert answer.location == "/koe"
    assert desk.engines.store.decisions() == []


# Two reviewers


def test_reviewers_who_differ_are_shown_and_a_third_is_asked(desk: Desk) -> None:
    anna, bent, row = desk.visitor(), desk.visitor("Bent"), desk.plain()[0]
    anna.decide(row.id, "ret", tema=["klima_energi"], note="vindmøller")
    seen = bent.form(row.id)
    anna.decide(row.id, "ret", tema=["klima_energi"], note="helt sikkert")
    answer = bent.post(
        f"/samarbejde/{row.id}/afgoer",
        [
            *((n, v) for n, v in seen.items(multi=True) if n != "tema"),
            ("tema", "kompetenceudvikling"),
            ("afgoerelse", "ret"),
        ],
    )
    assert answer.location == f"/samarbejde/{row.id}?uenig=1"
    page = bent.page(answer.location)
    words = [" ".join(one.get_text(" ").split()) for one in page.select("section.notice li")]
    assert [word.partition(",")[0].strip() for word in words] == ["Anna", "Bent"]
    assert ["Klima og energi" in words[0], "Kompetenceudvikling" in words[1], "helt sikkert" in words[0]] == [True] * 3
    assert (desk.row(row.id).reason, desk.row(row.id).reviewers) == ("disagreed", ("Anna", "Bent"))
    assert [row.id in desk.queued(one) for one in (anna, bent, desk.visitor("Carl"))] == [False, False, True]
    assert desk.publish()[row.id]["themes"] == ["kompetenceudvikling"]


def test_reviewers_who_agree_are_not_called_to_differ(desk: Desk) -> None:
    anna, bent, row = desk.visitor(), desk.visitor("Bent"), desk.plain()[0]
    anna.decide(row.id, "godkend")
    bent.decide(row.id, "godkend")
    assert bent.page(f"/samarbejde/{row.id}").select("section.notice") == []
    assert (desk.row(row.id).reason, desk.row(row.id).worth) == ("", 0.0)


def test_what_is_drawn_for_two_waits_for_another_reader(desk: Desk) -> None:
    key = next(name for name in (f"c{number:012x}" for number in range(1000)) if drawn_twice(name))
    desk.write(replace(desk.plain()[0], id=key))
    anna, bent = desk.visitor(), desk.visitor("Bent")
    anna.decide(key, "godkend")
    assert (desk.row(key).reason, desk.row(key).reviewers) == ("twice", ("Anna",))
    assert [key in [row.id for row in desk.listings.waiting(Search(), name, 1000)] for name in ("Anna", "Bent")] == [
        False,
        True,
    ]
    bent.decide(key, "godkend")
    assert (desk.row(key).reason, desk.row(key).worth) == ("", 0.0)


# Skipping


def test_what_is_skipped_waits_again_when_asked_for(desk: Desk) -> None:
    visitor, first, second = desk.visitor(), *desk.plain()[:2]
    answer = visitor.post("/spring-over", {"id": first.id})
    assert answer.location == "/naeste"
    assert first.id not in desk.queued(visitor)
    assert first.id in desk.queued(desk.visitor("Bent"))
    visitor.post("/spring-over", {"id": second.id})
    assert "Vis igen, hvad der er sprunget over (2)" in visitor.text("/koe")
    visitor.post("/spring-over/ingen")
    assert {first.id, second.id} <= {*desk.queued(visitor)}
    assert desk.engines.store.decisions() == []


def test_a_session_remembers_the_last_that_were_skipped(desk: Desk) -> None:
    visitor = desk.visitor()
    for number in range(85):
        assert visitor.post("/spring-over", {"id": f"c{number:012x}"}).status_code == 302
    with visitor.client.session_transaction() as session:
        assert session["sprunget"] == [f"c{number:012x}" for number in range(5, 85)]
        assert session["navn"] == "Anna"


# Merging and splitting


def test_two_are_one_from_the_next_dataset_on(desk: Desk) -> None:
    visitor, (one, other) = desk.visitor(), [row for row in desk.plain() if row.claim_count == 1][:2]
    before = desk.publish()
    visitor.post(f"/samarbejde/{one.id}/sammen", {"andet": f" {other.id} ", "note": "samme sag"})
    (said,) = desk.engines.store.judgements()
    assert (said.kind, said.left, said.right, said.relation, said.reviewer, said.note) == (
        "collaboration", one.id, other.id, Relation.SAME, "Anna", "samme sag",
    )  # fmt: skip
    assert desk.publish().keys() | {one.id, other.id} == before.keys()
    redirects = desk.engines.store.redirects()
    (gone,) = {one.id, other.id} & redirects.keys()
    kept = redirects[gone]
    assert {gone, kept} == {one.id, other.id}
    assert visitor.get(f"/samarbejde/{gone}").location == f"/samarbejde/{kept}"
    assert desk.row(kept).claim_count == 2
    first = desk.publish()
    desk.night()
    assert desk.publish().keys() == first.keys()
    assert desk.engines.store.redirects() == redirects


def test_decisions_on_what_was_merged_stand_and_a_merge_is_undone(desk: Desk) -> None:
    visitor, (one, other) = desk.visitor(), [row for row in desk.plain() if row.claim_count == 1][:2]
    before = desk.publish()
    for key in (one.id, other.id):
        visitor.decide(key, "ret", tema=["kapital_investering"])
    visitor.post(f"/samarbejde/{one.id}/sammen", {"andet": other.id})
    after = desk.publish()
    (kept,) = {one.id, other.id} & after.keys()
    assert (after[kept]["review"], after[kept]["themes"]) == ("corrected", ["kapital_investering"])
    visitor.post("/fortryd")
    assert desk.publish().keys() == before.keys()
    assert desk.engines.store.redirects() == {}


def test_what_is_no_collaboration_cannot_be_merged_with(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    for other in (row.id, ANDET, ""):
        assert visitor.post(f"/samarbejde/{row.id}/sammen", {"andet": other}).status_code == 400
    assert desk.engines.store.judgements() == []


def test_claims_said_to_be_of_another_are_one_of_their_own_from_the_next_dataset_on(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.several(2)[0]
    before = desk.publish()
    all_of_it = [one.claim.id for one in desk.engines.store.claims_of(row.id)]
    visitor.post(f"/samarbejde/{row.id}/del", {"udsagn": all_of_it[0]})
    after = desk.publish()
    (fresh,) = after.keys() - before.keys()
    parts = {key: [one.claim.id for one in desk.engines.store.claims_of(key)] for key in (row.id, fresh)}
    assert sorted(parts.values()) == sorted([all_of_it[:1], all_of_it[1:]])
    assert visitor.page(f"/samarbejde/{fresh}").h1 is not None
    desk.night()
    assert desk.publish().keys() == after.keys()
    assert {key: [one.claim.id for one in desk.engines.store.claims_of(key)] for key in parts} == parts
    visitor.post("/fortryd")
    assert len(desk.publish()) == len(before)
    (kept,) = {desk.engines.store.current_id(key) for key in parts}
    assert [one.claim.id for one in desk.engines.store.claims_of(kept)] == all_of_it


def test_a_split_leaves_something_on_either_side(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.several(2)[0]
    all_of_it = [one.claim.id for one in desk.engines.store.claims_of(row.id)]
    for chosen in (all_of_it, [], [ANDET]):
        assert visitor.post(f"/samarbejde/{row.id}/del", [("udsagn", key) for key in chosen]).status_code == 400
    assert desk.engines.store.judgements() == []


# Names


def bearing(desk: Desk, name: str) -> set[str]:
    """The ids of organisations that are in use and bear a name."""
    redirects = desk.engines.store.redirects()
    found = desk.engines.store.organisations().values()
    return {one.id for one in found if name in (one.name, *one.aliases) and one.id not in redirects}


@pytest.mark.parametrize(
    ("answer", "relation", "one"),
    [("ens", Relation.SAME, True), ("forskellige", Relation.DIFFERENT, False), ("ved-ikke", Relation.UNSURE, False)],
)
def test_an_answer_on_names_holds_from_the_next_dataset_on(
    desk: Desk, answer: str, relation: Relation, one: bool
) -> None:
    visitor, question = desk.visitor(), desk.listings.questions(1)[0]
    page = visitor.text(f"/spoergsmaal/{question.id}")
    assert question.left in page
    assert question.right in page
    assert visitor.post(f"/spoergsmaal/{question.id}", {"svar": answer, "note": "set efter"}).location == "/naeste"
    (said,) = desk.engines.store.judgements()
    assert (said.kind, said.left, said.right, said.relation, said.reviewer, said.note) == (
        "organisation", question.left, question.right, relation, "Anna", "set efter",
    )  # fmt: skip
    assert desk.listings.question(question.id) is None
    assert visitor.get(f"/spoergsmaal/{question.id}").location == "/naeste"
    for _ in range(2):
        desk.publish()
        assert desk.listings.question(question.id) is None
        together = bearing(desk, question.left) & bearing(desk, question.right)
        assert bool(together) is one
        desk.night()


def test_an_answer_on_names_is_undone_and_asked_again(desk: Desk) -> None:
    visitor, question = desk.visitor(), desk.listings.questions(1)[0]
    visitor.post(f"/spoergsmaal/{question.id}", {"svar": "ens"})
    assert visitor.post("/fortryd").location == "/afgoerelser"
    assert visitor.text("/afgoerelser").count("fortrudt") == 1
    assert f"/spoergsmaal/{question.id}" in visitor.get("/koe").text
    desk.publish()
    assert desk.listings.question(question.id) == question


# Looking


@pytest.mark.parametrize("order", ["title", "participant_count", "claim_count", "last_year", "first_seen"])
def test_the_table_is_sorted_by_its_columns(shelf: Desk, order: str) -> None:
    visitor = shelf.visitor()
    rows = sorted(
        shelf.rows(),
        key=lambda row: (
            (getattr(row, order) is not None, getattr(row, order) or 0) if order != "title" else row.title,
            row.id,
        ),
    )
    for down, wanted in (("0", rows), ("1", rows[::-1])):
        shown = [
            one.get_text()
            for side in (1, 2)
            for one in visitor.page(f"/samarbejder?orden={order}&ned={down}&side={side}").select("span.id")
        ]
        assert shown == [row.id for row in wanted]


def test_the_table_has_pages_that_lead_to_each_other(shelf: Desk) -> None:
    visitor = shelf.visitor()
    first, second = (visitor.page(f"/samarbejder?side={side}&region=") for side in (1, 2))
    assert [len(page.select("span.id")) for page in (first, second)] == [50, len(shelf.rows()) - 50]
    assert [one.get("rel") for one in (*first.select("nav.buttons a"), *second.select("nav.buttons a"))] == [
        ["next"],
        ["prev"],
    ]
    assert visitor.page("/samarbejder?side=99").select("span.id") == []
    for nonsense in ("0", "-1", "x", "1" * 30, "²"):
        assert visitor.get(f"/samarbejder?side={quote(nonsense)}").status_code == 200


def test_the_table_is_searched_and_filtered(shelf: Desk) -> None:
    visitor = shelf.visitor()
    rows, row = shelf.rows(), shelf.plain()[0]
    asked = {
        f"soeg={quote(row.title.upper())}": [
            one.id for one in rows if all(word in one.folded for word in row.title.casefold().split())
        ],
        "soeg=%25": [],
        "soeg='--": [],
        "tema=turisme_oplevelser": [one.id for one in rows if "turisme_oplevelser" in one.themes],
        "region=Bornholm": [one.id for one in rows if "Bornholm" in one.regions],
        f"kilde={row.sources[0]}&stand=automatic": [one.id for one in rows[:50]],
        "stand=accepted": [],
    }
    assert {
        one: [cell.get_text() for cell in visitor.page(f"/samarbejder?{one}").select("span.id")] for one in asked
    } == asked


def test_the_export_has_all_rows_and_no_formulas(desk: Desk) -> None:
    visitor, rows = desk.visitor(), desk.rows()
    starts = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")')
    for row, start in zip(rows, starts, strict=False):
        desk.write(replace(row, title=start, project=start, parties=start))
    answer = visitor.get("/samarbejder.csv")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "text/csv",
        'attachment; filename="samarbejder.csv"',
    )
    table = list(csv.DictReader(io.StringIO(answer.text)))
    by_id = {row["id"]: row for row in table}
    assert len(table) == len(rows)
    for row, start in zip(rows, starts, strict=False):
        assert [by_id[row.id][name] for name in ("title", "project", "parties")] == [f"'{start}"] * 3
    last = rows[-1]
    assert by_id[last.id]["themes"] == ";".join(last.themes)
    assert (by_id[last.id]["title"], by_id[last.id]["claim_count"]) == (last.title, str(last.claim_count))
    assert [one["id"] for one in csv.DictReader(io.StringIO(visitor.get("/samarbejder.csv?region=Bornholm").text))] == [
        row.id for row in desk.rows() if "Bornholm" in row.regions
    ]
    assert visitor.get("/samarbejder.csv?soeg=findesikke").text.split(",")[0] == "id"


def test_an_organisation_shows_what_it_is_in_and_with_whom(shelf: Desk) -> None:
    visitor, row = shelf.visitor(), shelf.several(2)[0]
    party, *others = shelf.listings.parties(row.id)
    page = visitor.page(f"/organisation/{party.organisation_id}")
    links = {str(one["href"]) for one in page.select("main a")}
    known = shelf.engines.store.organisations()[party.organisation_id]
    assert page.h1 is not None
    assert page.h1.get_text() == known.name
    assert f"/samarbejde/{row.id}" in links
    assert {f"/organisation/{one.organisation_id}" for one in others[:1]} <= links or len(
        shelf.listings.beside(party.organisation_id, 99)
    ) > 20
    assert visitor.get(f"/organisation/{ANDET}").status_code == 404


def test_a_source_shows_its_run_and_its_newest_claims(shelf: Desk) -> None:
    visitor, (source,) = shelf.visitor(), shelf.engines.store.sources()
    documents, found = shelf.engines.store.source_counts()[source.id]
    cells = [one.get_text() for one in visitor.page("/kilder").select("tbody th, tbody td")]
    run = shelf.engines.store.last_runs()[0]
    assert cells == [
        source.name, "alle", str(documents), str(found), "24-11-2026 02:00",
        str(run.fresh), str(run.changed), str(run.failed),
    ]  # fmt: skip
    page = visitor.page(f"/kilde/{source.id}")
    shown = [one["href"] for one in page.select("ol.cards a")]
    assert shown == [f"/samarbejde/{key}" for _, key in shelf.engines.store.claims_of_source(source.id, 50)]
    assert visitor.get("/kilde/ukendt").status_code == 404


def test_a_night_shows_what_was_first_seen_on_it(shelf: Desk) -> None:
    visitor = shelf.visitor()
    assert [one["href"] for one in visitor.page("/nat").select("ol.cards a")] == [
        f"/samarbejde/{row.id}" for row in shelf.rows()
    ]
    assert visitor.page("/nat?dag=2011-08-31").select("ol.cards a") == []


def test_decisions_are_listed_by_everyone_or_one(desk: Desk) -> None:
    anna, bent, (one, other) = desk.visitor(), desk.visitor("Bent"), desk.plain()[:2]
    anna.decide(one.id, "afvis", note="en messe")
    desk.later(minutes=1)
    bent.decide(other.id, "godkend")
    shown = [" ".join(item.get_text(" ").split()) for item in anna.page("/afgoerelser").select("ol.history li")]
    assert shown == [
        f"24-11-2026 02:01 · Bent · godkendt {other.title} Fortryd",
        f"24-11-2026 02:00 · Anna · afvist {one.title} en messe Fortryd",
    ]
    assert [item["href"] for item in anna.page("/afgoerelser?hvem=Anna").select("ol.history a")] == [
        f"/samarbejde/{one.id}"
    ]


def test_quality_counts_what_reviewers_said_of_the_model(desk: Desk) -> None:
    anna, bent = desk.visitor(), desk.visitor("Bent")
    right, wrong = [row for row in desk.plain() if row.themes == ("turisme_oplevelser",)][:2]
    anna.decide(right.id, "godkend")
    bent.decide(right.id, "godkend")
    anna.decide(wrong.id, "ret", tema=["klima_energi"])
    page = anna.page("/kvalitet")
    counts = {
        one.th.get_text(): [cell.get_text() for cell in one.select("td")[3:]]
        for one in page.select("tbody")[0].select("tr")
        if one.th
    }
    assert counts["Turisme og oplevelsesøkonomi"] == ["1", "1", "0"]
    assert counts["Klima og energi"] == ["0", "0", "1"]
    assert counts["Kompetenceudvikling"] == ["0", "0", "0"]
    said = " ".join(page.get_text(" ").split())
    assert "Krippendorffs alfa" in said
    assert "over 1 samarbejder, som to har afgjort" in said
    assert f"{sum(desk.listings.reasons().values())} venter" in said


def test_an_archived_page_shows_its_text_without_persons(shelf: Desk) -> None:
    visitor = shelf.visitor()
    stored = next(
        one for one in shelf.engines.store.current_claims() if one.document_url.endswith("referater/2013-11-20.html")
    )
    page = visitor.page(f"/side/{stored.claim.id}")
    blocks = [one.get_text() for one in page.select("div.archived p")]
    text = "\n".join(blocks)
    assert "Formand: [person]. Referent: [person]." in text
    for secret in ("Geske", "Kandestøber", "70 00 00 06", "geske@eksempel.dk"):
        assert secret not in text
    assert len(page.select("div.archived p.quoted")) > 0
    assert visitor.get(f"/side/{ANDET}").status_code == 404


def test_an_archived_page_that_is_gone_says_so(desk: Desk) -> None:
    stored = next(desk.engines.store.current_claims())
    for file in (desk.home / "archive").rglob("*.warc*"):
        file.unlink()
    assert "Siden er ikke længere i arkivet." in desk.visitor().text(f"/side/{stored.claim.id}")


def test_the_pages_speak_danish_or_english(desk: Desk) -> None:
    visitor = desk.stranger()
    lang = [visitor.page("/log-ind").html["lang"]]  # type: ignore[index]
    assert visitor.post("/sprog", {"sprog": "en", "videre": "/kilder"}).location == "/kilder"
    visitor.enter("Anna")
    english = visitor.page("/koe")
    assert "Queue" in english.get_text()
    lang.append(english.html["lang"])  # type: ignore[index]
    visitor.post("/sprog", {"sprog": "da"})
    lang.append(visitor.page("/koe").html["lang"])  # type: ignore[index]
    assert lang == ["da", "en", "da"]


def test_what_is_nowhere_is_not_found(shelf: Desk) -> None:
    visitor = shelf.visitor()
    assert [visitor.get(path).status_code for path in (f"/samarbejde/{ANDET}", "/samarbejde/", "/findes/ikke")] == [
        404
    ] * 3
    assert visitor.post(f"/samarbejde/{ANDET}/afgoer", {"afgoerelse": "godkend"}).status_code == 404


# Longer work


def test_publishing_from_the_page_writes_the_dataset(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    visitor.decide(row.id, "ret", title="Udgivet titel")
    assert visitor.post("/udgiv").location == "/kvalitet"
    assert wait() == f"{len(desk.rows())} samarbejder udgivet."
    with (desk.home / "dataset" / "collaborations.csv").open(encoding="utf-8", newline="") as file:
        written = {one["collaboration_id"]: (one["title"], one["review"]) for one in csv.DictReader(file)}
    assert written[row.id] == ("Udgivet titel", "corrected")
    assert f"{len(desk.rows())} samarbejder udgivet." in visitor.text("/kvalitet")


def test_publishing_while_a_harvest_is_at_work_says_so(desk: Desk) -> None:
    visitor = desk.visitor()
    with Engines(desk.engines.settings, harvesting=True):
        visitor.post("/udgiv")
        assert "en anden høst er i gang her" in wait()
    assert "en anden høst er i gang her" in visitor.text("/kvalitet")


def decided(desk: Desk, rows: Sequence[Listed], themes: Callable[[Listed], Collection[str]]) -> None:
    """Decide on these, the first of them first."""
    version = desk.engines.themes_version
    made = []
    for at, row in enumerate(rows):
        found = tuple(theme for theme in Theme if theme in themes(row))
        moment = desk.now + timedelta(seconds=at)
        made.append(decision(moment, "Anna", row.id, Verdict.CORRECTED, found, row.passage, version, ""))
    desk.engines.store.add_decisions(made)


def test_learning_moves_the_model_towards_what_was_decided(desk: Desk) -> None:
    visitor, store, old = desk.visitor(), desk.engines.store, desk.engines.themes_version
    said = store.predictions(old)
    surest = sorted(
        desk.rows(), key=lambda row: -min(abs(one - 0.5) for one in said[row.passage].probabilities.values())
    )[:10]
    first = next(row for row in surest if "kompetenceudvikling" not in row.themes)
    decided(desk, surest, lambda row: {*row.themes, "kompetenceudvikling"} if row is first else row.themes)
    assert visitor.post("/traen").location == "/kvalitet"
    assert wait().startswith("En ny model er i brug fra næste udgivelse, lært af 8 afgørelser (guldets testdel: ")
    assert desk.engines.themes_version != old
    desk.publish()
    after = store.prediction(first.passage, desk.engines.themes_version)
    assert after is not None
    theme = Theme.KOMPETENCEUDVIKLING
    assert after.probabilities[theme] > said[first.passage].probabilities[theme]
    assert desk.engines.themes_version in visitor.text("/kvalitet")


def test_learning_keeps_the_old_model_where_the_new_is_worse(desk: Desk) -> None:
    decided(desk, desk.rows(), lambda row: {*Theme} - {*row.themes})
    old = desk.engines.themes_version
    assert training.learn(desk.engines.settings).startswith("Den gamle model er beholdt, for den nye er dårligere (")
    desk.engines.forget_themes()
    assert desk.engines.themes_version == old
    assert not (desk.home / "models").exists()


def test_a_few_decisions_are_too_few_to_learn_from(desk: Desk) -> None:
    decided(desk, desk.rows()[:9], lambda row: row.themes)
    assert training.learn(desk.engines.settings) == "9 afgørelser er for få til at lære af; der skal mindst 10."
