"""Where a text names e-mail addresses, telephone numbers and CPR numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOT = r"(?: ?\.| \. )"
_LOCAL = r"(?<![\w+\-])[\w+\-]{1,200}(?:(?:\.| \. )[\w+\-]{1,64}){0,5}"
_LABEL = r"[\w\-]{1,63}"
_TOP = r"[a-zæøåA-ZÆØÅ]{2,24}"
_AT = r"(?: ?@ ?| ?%40 ?| ?[(\[{] ?(?i:at|a|snabel-?a) ?[)\]}] ?| (?i:snabel-?a) )"
_EMAIL = re.compile(
    rf"{_LOCAL}{_AT}(?:{_LABEL}{_DOT}){{1,5}}{_TOP}"
    rf"|{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{0,5}}"
    rf"|{_LOCAL} (?i:at) {_LABEL}(?: (?i:dot|punktum|prik) {_LABEL}){{1,4}}"
)
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_CPR = re.compile(
    r"\b(?i:cpr)(?:-?(?i:nr|nummer))?[.: ]{0,3}(\d{6}[ \-]{0,3}[\dxX]{4})(?!\d)"
    rf"|(?<!\d)(?<!\d[.,\-/])(?:{_DAY}{_MONTH}\d\d(?: ?- ?| )|{_DAY}[.\- ]{_MONTH}[.\- ]\d\d(?: ?- ?| ))"
    r"[\dxX]{4}(?![\dxX]|[.,\-]\d)"
    r"|(?<!\d)[0-3]\d[01]\d{3}-[\dxX]{4}(?![\dxX])"
)
_CPR_BARE = re.compile(rf"(?<![\w])(?<!\d[.,\-/]){_DAY}{_MONTH}\d{{6}}(?!\w|[.,\-/]\d)")
_DIGITS = r"\d(?:[ .\-()\n]{0,2}\d)"
_COUNTRY = r"(?:\(?(?:\+|00)\d{1,3}\)?[ .\-]{0,2}(?:\(0\))?)"
_LED = re.compile(
    r"(?<!\w)(?i:tlf|telefon(?:nummer|nr|en)?|tel|telefax|fax|phone|mobil(?:nummer|nr|telefon|en)?|mob|sms)"
    r"(?!\w)[ .:=\-/]{0,4}(?:(?i:nr|nummer|er|på)[ .:]{0,3})?"
    rf"{_COUNTRY}?(?:\(?{_DIGITS}{{5,11}})(?!\d)(?:-\d\d(?!\d))?"
)
_LED_LOOSELY = re.compile(
    r"(?<!\w)(?:[TMFD](?=[:. ])|(?i:direkte|ring(?: på| til)?|lokalnummer))[ .:]{0,3}"
    rf"({_COUNTRY}?\d(?:[ .\-]?\d){{7}})(?!\d)(?![.,]\d)"
)
_LOCAL_NUMBER = re.compile(r"(?<!\w)(?i:lok\.|lok|lokal(?:nr\.?|nummer))[: ]{0,2}\d{2,5}(?!\d)")
_ABROAD = re.compile(
    rf"(?<!\w)(?:\(?\+\d{{1,3}}\)?|\(?00(?:3\d|4\d|354|358)\)?)[ .\-]{{0,2}}(?:\(0\)[ ]?)?{_DIGITS}{{5,11}}(?!\d)"
)
_EDGE = r"(?!\d|[.,]\d|-\d\d-|-\d{3})"
_BARE = re.compile(
    rf"(?<!\d)(?<!\d[.,\-])(?:\d\d[ .\-\n]{{1,2}}\d\d[ .\-\n]{{1,2}}\d\d[ .\-\n]{{1,2}}\d\d(?:-\d\d(?!\d))?{_EDGE}"
    rf"|\d{{4}}[ \-]\d{{4}}{_EDGE}|[789]0 \d{{3}} \d{{3}}{_EDGE}|\d{{3}} \d\d \d{{3}}{_EDGE})"
    rf"|(?<![\w.,\-])\d{{8}}(?!\w|[.,\-]\d)"
)
_REGISTERED = re.compile(
    r"(?:(?<!\w)(?:(?:cvr|ean|gln|sags?|journal|projekt|dok|dokument|faktura|konto|matr|isbn|issn|id|ref|kontrakt|"
    r"bevillings|tilsagns|løbe|ordre|version)[ .\-]{0,2}(?:nr|nummer|no|id)?|(?:p|j|se|reg)[.\-]?[ ]?(?:nr|nummer))"
    r"[ .:#]{0,3}|(?:kr|dkk|eur|€|beløb|budget\w{0,12}|i alt|tilskud|sum|pris|tilsagn|støtte)[ .:]{0,3}(?:på |er )?)$",
    re.IGNORECASE,
)  # right before: no telephone number, but a number of a register or a sum
_UNIT = re.compile(
    r"[ ]?(?:,-|kr|dkk|mio|mia|million|€|euro?\b|%|procent|pct|personer|borgere|virksomheder|deltagere|tons?\b|kwh|mwh|"
    r"km|m2|m²|ha\b|stk|årsværk|arbejdspladser|timer|kvm|indbyggere|besøgende|gæster|elever|studerende|kilometer)",
    re.IGNORECASE,
)
_BEFORE = 28  # characters that say what kind of number follows


def contacts(text: str, *, bare: bool = True) -> list[tuple[int, int]]:
    """Spans in a shadow (see `extractors.shadow`); without `bare` only those that nothing else can be."""
    found = [match.span() for pattern in (_EMAIL, _LED, _LOCAL_NUMBER) for match in pattern.finditer(text)]
    found += [match.span(1 if match[1] else 0) for match in _CPR.finditer(text)]
    found += [match.span() for match in _ABROAD.finditer(text) if not _UNIT.match(text, match.end())]
    found += [match.span(1) for match in _LED_LOOSELY.finditer(text) if not _is_years(match[1])]
    return [*found, *_unled(text)] if bare else found


def _unled(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_BARE, _CPR_BARE):
        for match in pattern.finditer(text):
            sum_or_register = _REGISTERED.search(text[max(0, match.start() - _BEFORE) : match.start()])
            if not sum_or_register and not _UNIT.match(text, match.end()) and not _is_years(match[0]):
                yield match.span()


def _is_years(number: str) -> bool:
    """Two years ("2007-2013"), or a date written in eight digits."""
    digits = re.sub(r"\D", "", number)
    if len(digits) != 8:
        return False
    if not number.isdigit():
        return bool(re.fullmatch(r"\D*(?:19|20)\d\d\D(?:19|20)\d\d", number))
    return bool(re.fullmatch(rf"(?:19|20)\d\d{_MONTH}{_DAY}|{_DAY}{_MONTH}(?:19|20)\d\d", digits))
