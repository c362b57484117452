"""Where organisations are at home that no source places: in the one region that all their collaborations are of.

A school or a firm that only takes part in what one region does is most probably of that region. Who covers the country
by its kind or name is at home nowhere; what crosses a border of regions or of the country tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.identity.organisations import Organisations, Typing
from models.records import BORNHOLM, Claim, Organisation, PartnerType, Role

LOCAL = frozenset(
    [
        PartnerType.KOMMUNE,
        PartnerType.VIDENINSTITUTION,
        PartnerType.ERHVERVSFREMME,
        PartnerType.VIRKSOMHED,
        PartnerType.ANDET,
    ]
)
_HOMES = {BORNHOLM: ("Hovedstaden", BORNHOLM)}
"""Region and municipality of a growth forum's area that is no region."""


def placed(organisations: Organisations, typing: Typing, claims: Iterable[Claim]) -> dict[str, Organisation]:
    """The organisations by id, those that no source places at home where all their `claims` tell of one region."""
    by_id = organisations.by_id
    told: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        parties = {organisations.of(party) for party in claim.participants if party.role is not Role.FUNDER}
        others = [by_id[id_] for id_ in parties if id_ in by_id]
        if area := _area_of(claim, others):
            for id_ in parties:
                told[id_].add(area)
    return {
        id_: _at_home(one, told[id_]) if _may_be_placed(one, typing) and len(told[id_]) == 1 else one
        for id_, one in by_id.items()
    }


def _area_of(claim: Claim, parties: Sequence[Organisation]) -> str:
    """The one region that a claim is of: where at least half of its parties with a home are; else ""."""
    crossing = claim.cross_regional or claim.international or any(map(_is_abroad, parties))
    homes = [one.area for one in parties if one.area]
    if crossing or len(claim.regions) != 1 or 2 * homes.count(claim.regions[0]) < len(homes):
        return ""
    return claim.regions[0]


def _is_abroad(one: Organisation) -> bool:
    return one.partner_type is PartnerType.UDENLANDSK or one.country not in ("", "DK")


def _may_be_placed(one: Organisation, typing: Typing) -> bool:
    known = one.region or one.body_id or _is_abroad(one)
    return not known and one.partner_type in LOCAL and not any(map(typing.nowhere.search, (one.name, *one.aliases)))


def _at_home(one: Organisation, areas: Iterable[str]) -> Organisation:
    (area,) = areas
    region, municipality = _HOMES.get(area, (area, ""))
    return replace(one, region=region, municipality=municipality, country="DK")
