"""Languages of Africa, and Kurdish."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

AFRICAN = (
    locale(
        "am",
        sender="ከ | ላኪ",
        to="ለ | ተቀባይ",
        cc="ግልባጭ | Cc",
        subject="ርዕስ | ርዕሰ ጉዳይ | ጉዳዩ",
        date="ቀን | የተላከ | የተላከው | የተላከበት ቀን",
        markers="የተላለፈ መልዕክት | የተላለፈ መልእክት | ዋናው መልዕክት | የመጀመሪያው መልዕክት",
        attributions=(
            "በ{date} {name} <{address}> ጻፈ:",
            "በ{date}፣ {name} <{address}> እንዲህ ጻፈ፦",
            "በ{date} {name} <{address}> እንዲህ ጻፈ፦",
        ),
    ),
    locale(
        "ha",
        sender="Daga | Mai aikawa",
        to="Zuwa | Zuwa ga | Mai karɓa",
        cc="Kwafi",
        subject="Maudu'i | Batu",
        date="Kwanan wata | Rana | An aika",
        markers="Saƙon da aka tura | Ainihin saƙo",
        attributions=(
            "A ranar {date}, {name} <{address}> ya rubuta:",
            "A {date}, {name} <{address}> ya rubuta:",
        ),
    ),
    locale(
        "ku",
        sender="Ji | Şîner | Şander",
        to="Ji bo | Bo",
        cc="Kopî | Cc",
        subject="Mijar",
        date="Dîrok | Hat şandin",
        markers="Peyama beralîkirî | Peyama bingehîn",
        attributions=(
            "Di {date} de, {name} <{address}> nivîsand:",
            "Di {date} de {name} <{address}> nivîsand:",
        ),
    ),
    locale(
        "so",
        sender="Ka socda | Ka yimid | Soo diraha | Ka",
        to="Ku socda | Loo diray | Ku",
        cc="Nuqul",
        subject="Mawduuc | Mawduuca | Mowduuca",
        date="Taariikh | Taariikhda | La diray",
        markers="Farriin la gudbiyey",
        markers_of_both="Farriinta asalka ah",
        attributions=(
            "{date}, {name} <{address}> ayaa qoray:",
            "Markay ahayd {date}, {name} <{address}> wuxuu qoray:",
        ),
    ),
    locale(
        "sw",
        sender="Kutoka | Kutoka kwa | Mtumaji",
        to="Kwa | Kwenda | Kwenda kwa | Mpokeaji",
        cc="Nakala | Cc | Nakala kwa",
        bcc="Nakala fiche | Bcc",
        reply_to="Jibu kwa",
        subject="Mada | Kichwa | Somo | Kuhusu",
        date="Tarehe | Ilitumwa | Imetumwa | Iliyotumwa",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Ujumbe uliosambazwa | Ujumbe uliotumwa mbele | Ujumbe asili | Ujumbe wa awali | Ujumbe wa asili",
        attributions=(
            "Mnamo {date}, {name} <{address}> aliandika:",
            "Mnamo {date} {name} <{address}> aliandika:",
            "Tarehe {date}, {name} <{address}> aliandika:",
            "Tarehe {date} {name} <{address}> aliandika:",
            "{name} <{address}> aliandika tarehe {date}:",
        ),
    ),
    locale(
        "xh",
        sender="Ukusuka ku | Ukusuka | Ivela ku | Umthumeli",
        to="Ukuya ku | Ukuya | Iya ku | Umamkeli",
        subject="Umxholo | Isihloko",
        date="Umhla | Ithunyelwe",
        order="mdy",
    ),
    locale(
        "yo",
        sender="Láti ọ̀dọ̀ | Láti | Olùfiránṣẹ́",
        to="Sí | Olùgbà",
        cc="Ẹ̀dà",
        subject="Àkòrí | Kókó",
        date="Ọjọ́ | Déètì",
        markers="Ìfiránṣẹ́ tí a fi ṣọwọ́ | Ìfiránṣẹ́ ìpilẹ̀ṣẹ̀",
        attributions=("Ní {date}, {name} <{address}> kọ̀wé pé:",),
    ),
    locale(
        "zu",
        sender="Kusuka | Kusuka ku | Ivela ku | Umthumeli",
        to="Kuya | Kuya ku | Iya ku | Umamukeli | Ku",
        cc="Ikhophi",
        subject="Isihloko | Indaba",
        date="Usuku | Ithunyelwe | Kuthunyelwe",
        markers="Umlayezo odlulisiwe | Umlayezo wokuqala",
        attributions=(
            "Ngo-{date}, u-{name} <{address}> wabhala:",
            "Ngo-{date} u-{name} <{address}> wabhala:",
        ),
        order="mdy",
    ),
)
