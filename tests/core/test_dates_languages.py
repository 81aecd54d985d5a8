"""Reading written dates: a hundred languages as CLDR writes them, other calendars, and texts that are no dates."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_logger.core.dates import looks_like_date, parse_written_date
from crm_logger.core.locales import LOCALES
from crm_logger.core.months import NAMES

WRITTEN = [
    line.split("\t") for line in Path(__file__).with_name("written_dates.tsv").read_text("utf-8").splitlines()
]


def wall(text: str, language: str | None = None) -> str | None:
    read = parse_written_date(text, language).wall
    return read.isoformat() if read else None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "mar. 3 juin 2025 10:12", "2025-06-03"),
        ("vi", "Thứ Năm, 4 Tháng Mười Hai, 2025 10:12", "2025-12-04"),
        ("vi", "4 Tháng Năm 2025 10:12", "2025-05-04"),
        (None, "4 tháng giêng 2025 10:12", "2025-01-04"),
        ("it", "mar 3 giu 2025 10:12", "2025-06-03"),
        ("it", "mar 4 mar 2025 10:12", "2025-03-04"),
        (None, "mar 4 mar 2025 10:12", "2025-03-04"),
        ("de", "Tuesday, June 3, 2025 10:12", "2025-06-03"),
        ("cs", "3. listopadu 2025 10:12", "2025-11-03"),
        ("pl", "3 listopada 2025 10:12", "2025-11-03"),
        ("hr", "3. listopada 2025. 10:12", "2025-10-03"),
        (None, "poniedziałek, 3 listopada 2025 10:12", "2025-11-03"),
        (None, "пон 3 лис 2025 10:12", "2025-11-03"),
        ("mn", "2025 оны арван нэгдүгээр сарын 4 10:12", "2025-11-04"),
        ("cy", "Dydd Mawrth, 11 Chwefror 2025 10:12", "2025-02-11"),
        ("gl", "mar., 4 de nov. de 2025 10:12", "2025-11-04"),
        ("ar", "4 كانون الثاني 2025 10:12", "2025-01-04"),
        ("fi", "4. marrask. 2025 klo 10.12", "2025-11-04"),
        ("en", "4 marrask. 2025 10:12", "2025-11-04"),
        ("my", "၄ ဧ ၂၀၂၅ 10:12", "2025-04-04"),
        (None, "4 sánzá ya zómi 2025 10:12", "2025-10-04"),
        (None, "4 sánzá ya zómi na míbalé 2025 10:12", "2025-12-04"),
        ("yo", "Ọjọ́ Àìkú, 4 Oṣù Bélú 2025 10:1", "2025-11-04"),
    ],
)
def test_the_words_of_a_date_tell_its_language(language: str | None, text: str, expected: str) -> None:
    read = parse_written_date(text, language).wall
    assert read is not None
    assert f"{read:%Y-%m-%d}" == expected


@pytest.mark.parametrize(
    ("solar", "gregorian"),
    [
        ("1 فروردین 1404", "2025-03-21"),
        ("30 اسفند 1403", "2025-03-20"),
        ("29 اسفند 1402", "2024-03-19"),
        ("1 مهر 1403", "2024-09-22"),
        ("31 شهریور 1404", "2025-09-22"),
        ("1 فروردین 1408", "2029-03-20"),
        ("1 فروردین 1409", "2030-03-21"),
        ("1 فروردین 1413", "2034-03-21"),
        ("11 دی 1378", "2000-01-01"),
    ],
)
def test_persian_solar_dates_are_converted(solar: str, gregorian: str) -> None:
    assert wall(solar, "fa") == f"{gregorian}T00:00:00"


@pytest.mark.parametrize("solar", ["30 اسفند 1404", "31 مهر 1404", "0 مهر 1404"])
def test_days_that_the_persian_calendar_does_not_have_are_no_dates(solar: str) -> None:
    assert wall(solar, "fa") is None


def test_a_date_without_a_time_is_midnight() -> None:
    assert wall("3 May 2025") == "2025-05-03T00:00:00"


def test_the_text_is_kept_as_written_but_for_blanks_around_it() -> None:
    assert parse_written_date("  3 May 2025 \n").text == "3 May 2025"


def test_two_digit_years_are_read_as_rfc_5322_says() -> None:
    assert wall("3.5.49 10:12", "de") == "2049-05-03T10:12:00"
    assert wall("3.5.99 10:12", "de") == "1999-05-03T10:12:00"


@pytest.mark.parametrize("language", sorted({language for language, _, _ in WRITTEN}))
def test_dates_as_cldr_writes_them_are_read_in_their_language(language: str) -> None:
    mine = [(text, iso) for written_in, text, iso in WRITTEN if written_in == language]
    assert [(text, wall(text, language)) for text, _ in mine] == [(text, f"{iso}:00") for text, iso in mine]


def test_dates_in_an_unknown_language_are_read_rightly_or_not_at_all() -> None:
    read = [(text, iso, wall(text)) for _, text, iso in WRITTEN]
    assert [(text, got) for text, iso, got in read if got not in {None, f"{iso}:00"}] == []
    assert sum(got is None for _, _, got in read) < 0.05 * len(read)


def test_a_wrong_language_does_not_make_a_wrong_date() -> None:
    """Clients show an English date in a German block and the other way round; names tell."""
    for _, text, iso in WRITTEN:
        for language in ("en", "de"):
            got = wall(text, language)
            assert got in {None, f"{iso}:00"} or not any(map(str.isalpha, text)), (text, language, got)


def test_every_language_of_the_locales_has_names() -> None:
    assert all({entry.tag, entry.tag.partition("-")[0]} & set(NAMES) for entry in LOCALES)


@pytest.mark.parametrize(
    "text",
    [
        *(text for _, text, _ in WRITTEN[::7]),
        "5/3/2025 10:12 AM",
        "2025年5月3日 10時12分",
        "le 3 quelquechose 2025 à 10h12",
        "03.05.2025 10.12",
    ],
)
def test_what_is_a_date_looks_like_one(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Carl Client",
        "carl@client.example 3 May 2025 10:12",
        "Offer 2025",
        "10:12",
        "+43 1 234567",
        "2025 10:12 " + "x" * 200,
    ],
)
def test_what_is_no_date_does_not_look_like_one(text: str) -> None:
    assert not looks_like_date(text)


@given(st.text(max_size=80), st.sampled_from([None, "en", "de", "th", "fa", "vi", "zh-Hans", "xx"]))
def test_no_text_makes_reading_raise(text: str, language: str | None) -> None:
    parse_written_date(text, language)
    looks_like_date(text)


@given(
    st.lists(
        st.sampled_from(
            [
                *"0123456789.:/-, ٣年月日時分+Z()",
                "2025",
                "99999999999",
                "AM",
                "GMT",
                "mar",
                "مهر",
                "1404",
                "令和",
            ]
        ),
        max_size=30,
    ),
    st.sampled_from([None, "en", "th", "fa"]),
)
def test_no_heap_of_numbers_and_marks_makes_reading_raise(pieces: list[str], language: str | None) -> None:
    parse_written_date("".join(pieces), language)
    parse_written_date(" ".join(pieces), language)
    looks_like_date("".join(pieces))


@pytest.mark.parametrize("text", ["99999999999 May 2026", "Mon, May 99999999999, 2026", "99999999999/5/2026"])
def test_a_day_with_too_many_digits_is_no_date(text: str) -> None:
    assert parse_written_date(text).wall is None


def test_long_text_costs_nothing() -> None:
    started = time.process_time()
    for text in ("1" * 10**6, "1:" * 10**6, "(" * 10**6, "mar " * 10**5):
        assert parse_written_date(text) == parse_written_date(text)
        assert not looks_like_date(text)
    assert time.process_time() - started < 2


def test_every_date_is_a_wall_clock_of_the_gregorian_calendar() -> None:
    assert isinstance(parse_written_date("3 May 2025 10:12").wall, datetime)
