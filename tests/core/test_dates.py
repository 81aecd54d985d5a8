"""Reading written dates: what clients write, and what is never guessed."""

from __future__ import annotations

import pytest

from crm_logger.core.dates import parse_written_date

THIRD_OF_MAY = "2025-05-03T10:12:00"


def wall(text: str, language: str | None = None) -> str | None:
    read = parse_written_date(text, language).wall
    return read.isoformat() if read else None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sat, May 3, 2025 at 10:12 AM"),
        ("en", "Saturday, May 3, 2025 10:12 AM"),
        ("en", "Saturday, May 3, 2025, 10:12 AM"),
        ("en", "Saturday, 3 May 2025 10:12"),
        ("en", "3 May 2025 at 10:12"),
        ("en", "May 3rd 2025, 10:12 a.m."),
        ("en", "03-May-2025 10:12"),
        ("en", "10:12 AM, Sat May 3 2025"),
        ("de", "Samstag, 3. Mai 2025 10:12"),
        ("de", "Sa., 3. Mai 2025 um 10:12 Uhr"),
        ("de", "3.Mai.2025 um 10.12 Uhr"),
        ("de", "03.05.25 um 10:12"),
        ("fr", "sam. 3 mai 2025 à 10:12"),
        ("fr", "samedi 3 mai 2025 10h12"),
        ("fr", "3 mai 2025 à 10 h 12"),
        ("it", "sab 3 mag 2025 alle ore 10:12"),
        ("es", "sáb, 3 may 2025 a las 10:12"),
        ("es", "sábado, 3 de mayo de 2025 10:12 a. m."),
        ("pt-BR", "sáb., 3 de mai. de 2025 às 10:12"),
        ("pt-PT", "sábado, 3/05/2025 à(s) 10:12"),
        ("nl", "za 3 mei 2025 om 10:12"),
        ("da", "lør. 3. maj 2025 kl. 10.12"),
        ("da", "3. maj 2025 10.12.00"),
        ("hu", "25. máj. 3. 10:12"),
        ("nb", "lør. 3. mai 2025 kl. 10:12"),
        ("sv", "lör 3 maj 2025 kl 10:12"),
        ("sv", "den 3 maj 2025 10:12"),
        ("fi", "la 3. toukok. 2025 klo 10.12"),
        ("fi", "3.5.2025 klo 10.12"),
        ("is", "lau., 3. maí 2025 kl. 10:12"),
        ("et", "L, 3. mai 2025 kell 10:12"),
        ("lv", "sestd., 2025. g. 3. maijs, plkst. 10:12"),
        ("lt", "2025-05-03, št, 10:12"),
        ("lt", "2025 m. gegužės 3 d., šeštadienis 10:12"),
        ("pl", "sob., 3 maj 2025 o 10:12"),
        ("cs", "so 3. 5. 2025 v 10:12"),
        ("sk", "sobota 3. mája 2025 10:12"),
        ("hu", "2025. máj. 3., Szo, 10:12"),
        ("hu", "2025. május 3., szombat 10:12"),
        ("ro", "sâm., 3 mai 2025 la 10:12"),
        ("bg", "сб, 3.05.2025 г. в 10:12"),
        ("hr", "sub, 3. svi 2025. u 10:12"),
        ("sl", "sob., 3. maj 2025 ob 10:12"),
        ("sr-Cyrl", "суб, 3. мај 2025. у 10:12"),
        ("ru", "сб, 3 мая 2025 г. в 10:12"),
        ("uk", "сб, 3 трав. 2025 р. о 10:12"),
        ("be", "сб, 3 мая 2025 г. у 10:12"),
        ("el", "Σάβ 3 Μαΐ 2025 στις 10:12 π.μ."),
        ("el", "Σάββατο, 3 Μαΐου 2025 10:12 πμ"),
        ("tr", "3 May 2025 Cmt, 10:12"),
        ("tr", "3 MAYIS 2025 CUMARTESİ 10:12"),
        ("he", "\u202bיום שבת, 3 במאי 2025 ב-10:12\u202c"),
        ("ar", "السبت، ٣ مايو ٢٠٢٥ في ١٠:١٢ ص"),
        ("ar", "3 أيار 2025 10:12 ص"),
        ("ar", "٣\u200f/٥\u200f/٢٠٢٥، ١٠:١٢ ص"),
        ("bn", "শনি, ৩ মে, ২০২৫ এ ১০:১২ AM"),
        ("fa", "شنبه ۳ مهٔ ۲۰۲۵،\u200f ۱۰:۱۲"),
        ("fa", "۱۳ اردیبهشت ۱۴۰۴ ساعت ۱۰:۱۲"),
        ("fa", "۱۴۰۴/۰۲/۱۳ ۱۰:۱۲"),
        ("fa", "شنبه، ۱۳ اردیبهشت ۱۴۰۴ در ۱۰:۱۲ ق.ظ."),
        ("ps", "۱۳ ثور ۱۴۰۴ ۱۰:۱۲"),
        ("hi", "शनि, 3 मई 2025 को 10:12 am बजे"),
        ("hi", "३ मई २०२५ १०:१२"),
        ("th", "ส. 3 พ.ค. 2025 เวลา 10:12"),
        ("th", "วันเสาร์ที่ 3 พฤษภาคม 2568 10:12 น."),
        ("th", "3 พ.ค. 68 10:12"),
        ("th", "3/5/25 10:12"),
        ("th", "3/5/2568 10:12"),
        ("th", "3 พฤษภาคม 2568 10 นาฬิกา 12 นาที"),
        ("vi", "Th 7, 3 thg 5, 2025 vào lúc 10:12"),
        ("vi", "Thứ Bảy, 3 tháng 5, 2025 10:12"),
        ("vi", "Thứ 7, 03/05/2025 10:12"),
        ("vi", "10:12 T.7, 3 thg 5 2025"),
        ("vi", "ngày 3 tháng 5 năm 2025 10:12"),
        ("id", "Sab, 3 Mei 2025 pukul 10.12"),
        ("mn", "2025 оны 5-р сарын 3 10:12"),
        ("eu", "2025(e)ko maiatzaren 3(a), larunbata (10:12)"),
        ("cy", "3 Mai 2025 am 10:12"),
        ("ja", "2025年5月3日(土) 10:12"),
        ("ja", "2025/05/03 10:12"),
        ("ja", "令和7年5月3日 10時12分"),
        ("ja", "2025年5月3日 午前10:12"),
        ("zh-Hans", "2025年5月3日(星期六) 上午10:12"),
        ("zh-Hans", "2025年5月3日星期六上午10点12分"),
        ("zh-Hant", "民國114年5月3日 上午 10:12"),
        ("zh-Hant", "2025年5月3日 週六 上午10:12"),
        ("ko", "2025년 5월 3일 (토) 오전 10:12"),
        ("ko", "2025. 5. 3. 오전 10:12"),
        ("ko", "25. 5. 3. 오전 10:12"),
        ("ne", "शनिबार २०२५ मे ३ १०:१२"),
        ("yo", "3 05 2025 10:12"),
        ("bo", "2025 ལོའི་ཟླ་༥ཚེས་3 10:12"),
        ("bo", "2025 ཟླ་བ་ལྔ་པའི་ཚེས་3, གཟའ་སྤེན་པ་ 10:12"),
        ("dz", "སྤྱི་ལོ་༢༠༢༥ ཟླ་༥ ཚེས་༠༣ ཆུ་ཚོད་ ༡༠ སྐར་མ་ ༡༢ སྔ་ཆ་"),
        ("dz", "གཟའ་སྤེན་པ་, སྤྱི་ལོ་༢༠༢༥ ཟླ་ལྔ་པ་ ཚེས་༠༣ ཆུ་ཚོད་ ༡༠ སྐར་མ་ ༡༢:༠༠ སྔ་ཆ་"),
    ],
)
def test_a_client_writes_the_third_of_may_in_its_own_way(language: str, text: str) -> None:
    assert wall(text, language) == THIRD_OF_MAY


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("Sat, 3 May 2025 10:12 +0200", "+02:00"),
        ("2025-05-03T10:12:00Z", "+00:00"),
        ("2025-05-03T10:12:00.123+02:00", "+02:00"),
        ("Saturday, May 3, 2025 at 10:12:00 AM GMT+2", "+02:00"),
        ("Sat, 03 May 2025 10:12:00 +0000 (UTC)", "+00:00"),
        ("Sat, 03 May 2025 10:12:00 +0200 (GMT+02:00)", "+02:00"),
        ("3 mai 2025 à 10:12 UTC−3", "-03:00"),
        ("3. Mai 2025 10:12 MESZ", "+02:00"),
        ("3 May 2025 10:12 GMT", "+00:00"),
        ("Saturday, May 3, 2025 10:12 AM (GMT+05:30)", "+05:30"),
        ("2025-05-03 (토) 10:12:00 (GMT+09:00)", "+09:00"),
        ("2025년 5월 03일 토요일, 10시 12분 00초 +0900", "+09:00"),
        ("Суббота, 3 мая 2025, 10:12 +03:00 от", "+03:00"),
        ("Sat May 03 10:12:00 CEST 2025", "+02:00"),
        ("May 3, 2025 10:12 AM EDT", "-04:00"),
        ("May 3, 2025 10:12 AM (PDT)", "-07:00"),
        ("3 мая 2025 10:12 MSK", "+03:00"),
        ("sobota 3. května 2025, 10:12 SELČ", "+02:00"),
        ("3 Μαΐου 2025 10:12:00 π.μ. EEST", "+03:00"),
        ("2025年5月3日 10:12:00 [JST]", "+09:00"),
        ("3 may 2025 10:12 a. m. -0500", "-05:00"),
        ("3 May 2025 10:12 +0530 (IST)", "+05:30"),
    ],
)
def test_an_offset_makes_the_wall_clock_aware(text: str, offset: str) -> None:
    assert wall(text) == THIRD_OF_MAY + offset


@pytest.mark.parametrize("zone", ["CST", "IST", "BST", "+9900", "Uhr"])
def test_a_zone_that_is_not_certain_leaves_the_wall_clock_naive(zone: str) -> None:
    assert wall(f"3 May 2025 10:12 {zone}") == THIRD_OF_MAY


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "May 3, 2025 12:05 AM", "00:05"),
        ("en", "May 3, 2025 12:05 PM", "12:05"),
        ("en", "May 3, 2025 at 3 PM", "15:00"),
        ("en", "May 3, 2025 15:05 PM", "15:05"),
        ("es", "3 may 2025 03:05 p. m.", "15:05"),
        ("es", "3 may 2025 11:05 de la noche", "23:05"),
        ("zh-Hant", "2025年5月3日 晚上8:05", "20:05"),
        ("zh-Hant", "2025年5月3日 凌晨 2:05", "02:05"),
        ("zh-Hans", "2025年5月3日 中午12:05", "12:05"),
        ("zh-Hans", "2025年5月3日 中午11:35", "11:35"),
        ("ja", "2025年5月3日 午後0:05", "12:05"),
        ("ko", "2025년 5월 3일 오후 3시 5분", "15:05"),
        ("hu", "2025. május 3. de. 10:05", "10:05"),
        ("vi", "3 thg 5, 2025 3:05 CH", "15:05"),
        ("uz", "3-may, 2025 12:05 TO", "00:05"),
        ("fr", "3 mai 2025 3h05 du matin", "03:05"),
        ("de", "Sa 3. Mai 2025, Sa 12:05", "12:05"),
        ("de", "Abend, 3.5.2025 9:05", "09:05"),
        ("cy", "3 Mai 2025 am 12:05", "12:05"),
        ("my", "2025 မေ 3 ညှိထားသည့် 12:05", "12:05"),
        ("hy", "2025 թ. մրտ 3, երկ 9:05", "09:05"),
        ("fa", "۳ مه ۲۰۲۵، ۳:۰۵ ب.ظ.", "15:05"),
        ("xx", "3 mai 2025 3h05", "03:05"),
        (None, "11 Feb 2025 3:07 PTG", "15:07"),
        (None, "3 May 2025 10 Uhr", "10:00"),
    ],
)
def test_words_for_parts_of_the_day_set_a_twelve_hour_clock(
    language: str | None, text: str, expected: str
) -> None:
    read = parse_written_date(text, language).wall
    assert read is not None
    assert read.strftime("%H:%M") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (None, "03.04.2025 10:12", "2025-04-03"),
        (None, "2025-04-03 10:12", "2025-04-03"),
        (None, "2025/04/03 10:12", "2025-04-03"),
        (None, "13/4/2025 10:12", "2025-04-13"),
        (None, "4/13/2025 10:12", "2025-04-13"),
        (None, "4/4/2025 10:12", "2025-04-04"),
        (None, "Thu 3/4/2025 10:12", "2025-04-03"),
        (None, "Tue 3/4/2025 10:12", "2025-03-04"),
        (None, "03.04.25 10:12", "2025-04-03"),
        ("fr", "03/04/2025 10:12", "2025-04-03"),
        ("fr", "mar. 03/04/2025 10:12", "2025-03-04"),
        ("hi", "3/4/2025, 10:12 AM", "2025-04-03"),
        ("de", "3/4/25 10:12", "2025-04-03"),
        ("or", "3/4/25 10:12 AM", "2025-03-04"),
        ("nl", "03-04-2025 10:12", "2025-04-03"),
        ("fil", "3/4/2025 10:12 AM", "2025-03-04"),
        ("tl", "3/4/25 10:12 AM", "2025-03-04"),
        ("sv", "25-04-03 10:12", "2025-04-03"),
        ("sv", "03/04/2025 10:12", "2025-04-03"),
        ("en", "3/4/2025 10:12 AM", "2025-03-04"),
        ("en", "03/04/2025 10:12 AM", "2025-03-04"),
        ("en", "3/4/25 10:12 AM", "2025-03-04"),
        ("en", "3/04/2025 10:12 AM", "2025-04-03"),
        ("en", "03/04/2025 10:12", "2025-04-03"),
        ("en", "03-04-2025 10:12", "2025-04-03"),
        ("en-GB", "03/04/2025 10:12", "2025-04-03"),
        ("zh-TW", "2025/4/3 上午 10:12", "2025-04-03"),
        ("yo", "3 04 2025 10:12", "2025-04-03"),
        (None, "13 04 2025 10:12", "2025-04-13"),
        (None, "4/23/25 10:12", "2025-04-23"),
        (None, "99/4/3 10:12", "1999-04-03"),
    ],
)
def test_the_order_of_numbers_follows_from_numbers_weekday_separator_and_language(
    language: str | None, text: str, expected: str
) -> None:
    read = parse_written_date(text, language).wall
    assert read is not None
    assert read.strftime("%Y-%m-%d %H:%M") == f"{expected} 10:12"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (None, "3/4/2025 10:12"),  # two readings
        (None, "3/4/2025 10:12 AM"),
        (None, "Mon 3/4/2025 10:12"),  # a weekday that fits neither
        (None, "3/4/25 10:12"),
        (None, "13/4/25 10:12"),  # 2013 or 2025
        (None, "3 04 2025 10:12"),
        ("fil", "3 04 2025 10:12"),  # no order is known of numbers that blanks part
        ("en", "3-4-2025 10:12 AM"),
        ("en", "3/4/2025 10:12"),
        ("en", "3/4/25 10:12"),
        ("en", "3/4/2025 10:12 am"),
        ("de", "3/4/25 10:12 AM"),  # American settings under a German program
        ("fil", "3-4-2025 10:12 AM"),
        ("ja", "3/4/2025 10:12"),
        (None, "3 listopada 2025 10:12"),  # October in Croatian, November in Polish
        (None, "12 Mae 2026 da 12:30"),  # March in Luxembourgish and Māori, May in Breton
        (None, "25. 2. 11. 10:12"),  # Korean or Czech
        (None, "11. 2. 2025 3:07 odp."),  # an afternoon where the language is known
        (None, "11/13/2025 3:07 CH"),
        ("fr", "3 matin 2025 10:12"),
        ("ar", "1446/11/05 10:12"),  # a lunar year
        ("ar", "5 ذو القعدة 1446 10:12 ص"),
        ("ne", "2082/01/20 10:12"),  # a year of Nepal's own calendar
        ("fa", "۳۲ اردیبهشت ۱۴۰۴ ۱۰:۱۲"),
        ("fa", "۱۳ مهر و آبان ۱۴۰۴ ۱۰:۱۲"),
        ("fa", "۱۴۰۴/۱۳/۰۱ ۱۰:۱۲"),
        ("en", "31 February 2025 10:12"),
        ("en", "30/02/2025 10:12"),
        ("en", "3 May 2025 25:12"),
        ("en", "3 May 2025 10:72"),
        ("en", "3 May 1925 10:12"),
        ("en", "2025-13-01 10:12"),
        ("en", "3 May 10:12"),
        ("en", "3 May 2025 10:12, 4 attachments"),
        ("en", "2025-05-03 10:12 #7"),
        ("en", "Meeting notes"),
        ("en", "10:12"),
        ("en", ""),
        ("en", "3 May 2025 10:12 " + "x" * 200),
        ("en", "፩ May 2025"),
    ],
)
def test_what_has_two_readings_or_none_is_not_guessed(language: str | None, text: str) -> None:
    assert wall(text, language) is None
