"""The Turkic languages, and their neighbours in the Caucasus and Central Asia."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

TURKIC = (
    locale(
        "az",
        sender="Kimdən | Göndərən",
        to="Kimə | Alan | Qəbul edən",
        cc="Surət | Cc | Nüsxə",
        bcc="Gizli surət | Bcc | Gizli nüsxə",
        reply_to="Cavab ünvanı | Cavabla",
        subject="Mövzu",
        date="Tarix | Göndərildi | Göndərilib | Göndərilmə tarixi",
        forward_prefixes="Fwd | FW | Yön",
        reply_prefixes="Re | Cav",
        markers="Yönləndirilmiş mesaj | Yönləndirilən mesaj | Yönləndirilmiş məktub | İlkin mesaj",
        markers_of_both="Orijinal mesaj",
        attributions=(
            "{date} tarixində {name} <{address}> yazdı:",
            "{name} <{address}> {date} tarixində yazdı:",
            "{name} <{address}> {date} tarixində yazıb:",
            "{name} yazıb:",
        ),
    ),
    locale(
        "kk",
        sender="Кімнен | Жіберуші | Жіберген",
        to="Кімге | Алушы",
        cc="Көшірме | Cc | Көшірмесі",
        bcc="Жасырын көшірме | Bcc | Құпия көшірме",
        reply_to="Жауап беру | Жауап",
        subject="Тақырып | Тақырыбы",
        date="Күні | Жіберілді | Жіберілген | Жіберілген күні | Күн",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Қайта жіберілген хабар | Бастапқы хабар | Түпнұсқа хабар | Қайта жіберілген хат | "
        "Қайта бағытталған хабар",
        attributions=(
            "{date}, {name} <{address}> жазды:",
            "{date} {name} <{address}> жазды:",
            "{name} <{address}> {date} жазды:",
        ),
    ),
    locale(
        "ky",
        sender="Кимден | Жөнөтүүчү",
        to="Кимге | Алуучу",
        cc="Көчүрмө | Көчүрмөсү | Cc",
        bcc="Жашыруун көчүрмө",
        subject="Тема | Темасы",
        date="Күнү | Датасы | Жөнөтүлдү | Жөнөтүлгөн",
        markers="Кайра жөнөтүлгөн билдирүү | Баштапкы билдирүү | Багытталган кат | Баштапкы кат",
        attributions=(
            "{date}, {name} <{address}> жазды:",
            "{date} {name} <{address}> жазды:",
        ),
    ),
    locale(
        "tk",
        sender="Kimden | Iberiji",
        to="Kime | Alyjy",
        cc="Göçürme | Nusga",
        subject="Mowzuk | Tema",
        date="Sene | Senesi | Iberildi | Iberlen wagty",
        markers="Gaýtadan iberilen hat | Ugradylan hat",
        markers_of_both="Asyl hat",
    ),
    locale(
        "tr",
        sender="Kimden | Gönderen | Gönderici",
        to="Kime | Alıcı | Alıcılar | Alan",
        cc="Bilgi | Cc | CC | Kopya | Karbon kopya",
        bcc="Gizli | Bcc | Gizli kopya | Gizli Bilgi",
        reply_to="Yanıt adresi | Yanıtla | Yanıtlama adresi | Yanıt",
        subject="Konu",
        date="Tarih | Gönderildi | Gönderilme | Gönderme | Gönderme tarihi | Gönderilme tarihi | "
        "Gönderim tarihi | Gönderilme Tarihi | Gönderim Tarihi | Gönderme Tarihi",
        forward_prefixes="İLT | İlt | ILT | Ilt | YNL | Fwd | FW",
        reply_prefixes="YNT | Ynt | Yan | Cvp | Re",
        markers="İletilen ileti başlangıcı | Yönlendirilmiş İleti | Yönlendirilen ileti | Yönlendirilmiş ileti | İletilen mesaj | "
        "İletilmiş mesaj | İletilmiş mesajın başlangıcı | Yönlendirilmiş iletinin başlangıcı | "
        "İletilen mesajın başlangıcı | Orjinal Mesaj | Yönlendirilmiş mesaj | İletilmiş ileti | "
        "İletilmiş İleti | İleti başlangıcı",
        markers_of_both="Özgün ileti | Orijinal ileti | Orijinal mesaj | Özgün İleti | Orijinal Mesaj | "
        "Asıl ileti | Özgün Mesaj",
        end_markers="İletilmiş mesajın sonu | Yönlendirilmiş iletinin sonu",
        attributions=(
            "{name} <{address}>, {date} tarihinde şunu yazdı:",
            "{name} <{address}>, {date} tarihinde şunları yazdı:",
            "{name} <{address}> şunları yazdı ({date}):",
            "{name} <{address}> şunu yazdı ({date}):",
            "{date} tarihinde {name} <{address}> şunları yazdı:",
            "{date} tarihinde {name} <{address}> şunu yazdı:",
            "{date} tarihinde {name} <{address}> yazdı:",
            "{date} tarihinde, {name} <{address}> yazdı:",
            "{name} <{address}> {date} tarihinde yazdı:",
            "{name} yazdı:",
        ),
    ),
    locale(
        "tt",
        sender="Кемнән | Җибәрүче",
        to="Кемгә | Алучы",
        cc="Күчермә",
        subject="Тема",
        date="Дата | Җибәрелде",
        markers="Җибәрелгән хәбәр | Җибәрелгән хат | Яңадан җибәрелгән хат",
        markers_of_both="Төп хәбәр | Башлангыч хәбәр",
    ),
    locale(
        "uz",
        sender="Kimdan | Yuboruvchi | Кимдан | Юборувчи",
        to="Kimga | Qabul qiluvchi | Кимга",
        cc="Nusxa | Cc | Нусха",
        bcc="Yashirin nusxa | Bcc",
        reply_to="Javob berish | Javob manzili",
        subject="Mavzu | Мавзу",
        date="Sana | Yuborilgan | Yuborildi | Сана | Юборилган",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Yo‘naltirilgan xabar | Yoʻnaltirilgan xabar | Yo'naltirilgan xabar | Asl xabar | "
        "Yo‘naltirilgan xat | Uzatilgan xabar",
        attributions=(
            "{date} {name} <{address}> yozdi:",
            "{date}, {name} <{address}> yozdi:",
            "{name} <{address}> {date} sanada yozdi:",
            "{date} kuni {name} <{address}> yozdi:",
        ),
    ),
)

CAUCASIAN = (
    locale(
        "hy",
        sender="Ումից | Ուղարկող | Ուղարկողը",
        to="Ում | Ստացող | Ստացողը",
        cc="Պատճեն | Պատճենը | Cc",
        bcc="Թաքնված պատճեն | Bcc",
        reply_to="Պատասխանել",
        subject="Թեմա | Վերնագիր | Առարկա",
        date="Ամսաթիվ | Ուղարկված | Ուղարկվել է | Ուղարկված է",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Փոխանցված հաղորդագրություն | Վերահասցեագրված հաղորդագրություն | "
        "Սկզբնական հաղորդագրություն | Բնօրինակ հաղորդագրություն | Փոխանցված նամակ | "
        "Վերահասցեագրված նամակ",
        attributions=(
            "{date}, {name} <{address}> գրել է՝",
            "{date} {name} <{address}> գրել է:",
            "{name} <{address}> գրել է {date}:",
            "{date}, {name} <{address}> գրել է։",
        ),
    ),
    locale(
        "ka",
        sender="გამომგზავნი | გამგზავნი | ვისგან",
        to="ადრესატი | მიმღები | ვის | მიმღებები",
        cc="ასლი | Cc | ასლები",
        bcc="ფარული ასლი | Bcc",
        reply_to="პასუხი მისამართზე | პასუხი",
        subject="თემა | სათაური | საგანი",
        date="თარიღი | გაგზავნილია | გაგზავნის თარიღი | გაგზავნილი",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="გადაგზავნილი შეტყობინება | გადმოგზავნილი შეტყობინება | თავდაპირველი შეტყობინება | "
        "ორიგინალი შეტყობინება | გადამისამართებული შეტყობინება | გადაგზავნილი წერილი | "
        "თავდაპირველი წერილი",
        attributions=(
            "{date}, {name} <{address}> დაწერა:",
            "{date}, {name} <{address}>-მა დაწერა:",
            "{date} {name} <{address}> წერს:",
            "{name} <{address}> წერდა {date}:",
            "{date}, {name} <{address}> წერდა:",
        ),
    ),
    locale(
        "mn",
        sender="Хэнээс | Илгээгч | Илгээсэн хүн",
        to="Хэнд | Хүлээн авагч",
        cc="Хуулбар | Cc",
        bcc="Нууц хуулбар | Bcc",
        reply_to="Хариу илгээх",
        subject="Сэдэв | Гарчиг",
        date="Огноо | Илгээсэн",
        forward_prefixes="Fwd | FW",
        reply_prefixes="Re",
        markers="Дамжуулсан зурвас | Дамжуулсан захидал | Эх зурвас | Анхны зурвас | Дамжуулсан мессеж | "
        "Эх захидал",
        attributions=(
            "{date}, {name} <{address}> бичсэн нь:",
            "{date} {name} <{address}> бичсэн:",
            "{date}-нд {name} <{address}> бичсэн нь:",
        ),
        order="ymd",
    ),
    locale(
        "tg",
        sender="Аз | Фиристанда",
        to="Ба | Гиранда",
        cc="Нусха",
        subject="Мавзӯъ | Мавзуъ",
        date="Сана | Таърих | Фиристода шуд",
        markers="Паёми равонашуда | Паёми аслӣ | Паёми равоншуда",
        attributions=(
            "{date}, {name} <{address}> навишт:",
            "{date} {name} <{address}> навишт:",
        ),
    ),
)
