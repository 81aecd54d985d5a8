"""Write tests/core/written_dates.tsv: dates as CLDR, in Babel, writes them in many languages.

Each line holds a language, a date and what it means. Babel is needed here only (see make_months.py).
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import multiprocessing
from datetime import datetime

from make_months import LANGUAGES, ROOT

# Yoruba writes minutes without their zero; Gaelic has one-letter words for the halves of the day.
LEFT_OUT = {("yo", "any"), ("gd", "twelve")}
STYLES = ("full", "long", "medium", "weekday", "twelve")
TIMES = (
    (10, 12),
    (15, 7),
    (0, 5),
    (12, 30),
    (22, 12),
    (9, 1),
    (13, 45),
    (23, 59),
    (6, 6),
    (11, 11),
    (18, 20),
    (20, 0),
)
DAYS = (5, 11, 3, 12, 3, 30, 8, 9, 21, 1, 4, 24)


def main() -> None:
    """Write the table; one line a month and language, in changing styles."""
    with multiprocessing.get_context("fork").Pool(
        1, maxtasksperchild=1
    ) as fresh:  # Babel's caches leak aliases
        rows = [row for rows in fresh.map(rows_of, LANGUAGES, chunksize=1) for row in rows]
    path = ROOT / "tests/core/written_dates.tsv"
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    print(f"{path}: {len(rows)} dates")  # noqa: T201 - a tool talks to its caller


def rows_of(language: str) -> list[str]:
    """Return a language's lines."""
    rows = []
    for month, ((hour, minute), day) in enumerate(zip(TIMES, DAYS, strict=True), 1):
        when = datetime(2025, month, day, hour, minute)  # noqa: DTZ001 - a wall clock
        style = STYLES[(month + len(language) + ord(language[0])) % len(STYLES)]
        if not LEFT_OUT & {(language, style), (language, "any")}:
            rows.append(
                f"{language.replace('_', '-')}\t{written(when, style, language)}\t{when:%Y-%m-%dT%H:%M}"
            )
    return rows


def written(when: datetime, style: str, language: str) -> str:
    """Return a date and time in a style of a language."""
    from babel.dates import format_date, format_skeleton, format_time  # noqa: PLC0415 - in the fresh process only

    if style == "weekday":
        return f"{format_skeleton('yMMMEd', when, locale=language)} {format_time(when, 'short', locale=language)}"
    if style == "twelve":
        return f"{format_skeleton('yMMMd', when, locale=language)} {format_skeleton('hm', when, locale=language)}"
    return f"{format_date(when, style, locale=language)}, {format_time(when, 'short', locale=language)}"


if __name__ == "__main__":
    main()
