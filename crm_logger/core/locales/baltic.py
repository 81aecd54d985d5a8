"""The languages around the Baltic that are neither Germanic nor Slavic, and Hungarian, a cousin of two of them."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

BALTIC = (
    locale(
        "et",
        sender="Saatja | Kellelt",
        to="Saaja | Adressaat | Kellele | Adressaadid",
        cc="Koopia | Cc | Koopia saaja",
        bcc="Pimekoopia | Salakoopia | Bcc",
        reply_to="Vasta | Vastus | Vastamise aadress | Vastuse saaja",
        subject="Teema | Pealkiri",
        date="Kuupäev | Saadetud | Saatmisaeg | Aeg",
        forward_prefixes="ED | Ed | Edasi | Edastatud | Fwd | FW",
        reply_prefixes="VS | Vs | Vast | Re",
        markers="Edastatud kiri | Edastatud sõnum | Edasisaadetud kiri | Edasi saadetud kiri | Algne sõnum | "
        "Algne kiri | Originaalkiri | Algkiri | Edastatud kirja algus | Edastatud sõnumi algus | "
        "Algsõnum | Algne teade",
        end_markers="Edastatud kirja lõpp",
        attributions=(
            "Kuupäev {date} kirjutas {name} <{address}>:",
            "Kuupäeval {date} kirjutas {name} <{address}>:",
            "{name} <{address}> kirjutas kuupäeval {date}:",
            "{name} <{address}> kirjutas {date}:",
            "Kirja saatis {name} <{address}> kuupäeval {date}:",
            "{date} kirjutas {name} <{address}>:",
            "{name} kirjutas:",
            "Kirjutas {name} <{address}> kuupäeval {date}:",
        ),
    ),
    locale(
        "fi",
        sender="Lähettäjä",
        to="Vastaanottaja | Vastaanottajat | Kenelle",
        cc="Kopio | Cc | Kopiot | Kopio kohteeseen",
        bcc="Piilokopio | Piilokopiot | Bcc",
        reply_to="Vastausosoite | Vastaa | Vastaus",
        subject="Aihe | Otsikko",
        date="Päivämäärä | Päiväys | Lähetetty | Lähetysaika | Pvm",
        forward_prefixes="VL | Vl | Fwd | FW | Välitetty",
        reply_prefixes="VS | Vs | Re | Vast",
        markers="Välitetty viesti | Edelleenlähetetty viesti | Alkuperäinen viesti | Välitetty sähköposti | "
        "Alkuperäinen sähköposti | Välitetty viesti alkaa | Edelleenlähetetty viesti alkaa | Uudelleenlähetetty viesti",
        end_markers="Välitetty viesti päättyy | Välitetyn viestin loppu | Edelleenlähetetty viesti päättyy",
        attributions=(
            "{date} {name} ({address}) kirjoitti:",
            "{date} {name} <{address}> kirjoitti:",
            "{name} <{address}> kirjoitti {date}:",
            "{name} ({address}) kirjoitti {date}:",
            "{date}, {name} <{address}> kirjoitti:",
            "{name} kirjoitti:",
        ),
    ),
    locale(
        "hu",
        sender="Feladó | Küldő | Kitől",
        to="Címzett | Címzettek | Kinek",
        cc="Másolatot kap | Másolat | Cc | Másolatot kapja | Másolatban",
        bcc="Titkos másolat | Rejtett másolat | Rejtett másolatot kap | Titkos másolatot kap | Bcc | "
        "Vakmásolat",
        reply_to="Válaszcím | Válasz | Válasz ide | Válasz erre a címre",
        subject="Tárgy",
        date="Dátum | Elküldve | Küldve | Küldés ideje | Küldés dátuma | Küldés időpontja | Elküldés dátuma",
        forward_prefixes="TOV | Tov | Továbbítás | Továbbítva | FW | Fwd",
        reply_prefixes="VÁ | Vá | Válasz | RE | Re",
        markers="Továbbított üzenet | Továbbított levél | Eredeti üzenet | Eredeti levél | Továbbított e-mail | "
        "Továbbított levél kezdete | Továbbított üzenet kezdete | Továbbított üzenet eleje | "
        "Eredeti e-mail",
        end_markers="Továbbított üzenet vége | Továbbított levél vége",
        attributions=(
            "{name} <{address}> ezt írta (időpont: {date}):",
            "{name} <{address}> írta ({date} dátummal):",
            "{name} <{address}> írta (időpont: {date}):",
            "{date} keltezéssel, {name} <{address}> írta:",
            "{date} dátummal {name} <{address}> írta:",
            "{date} időpontban {name} <{address}> ezt írta:",
            "{date}, {name} <{address}> írta:",
            "{name} <{address}> a következőt írta ({date}):",
            "{name} írta:",
        ),
        order="ymd",
    ),
    locale(
        "lt",
        sender="Nuo | Siuntėjas | Siunčia | Iš",
        to="Kam | Gavėjas | Gavėjai | Iki",
        cc="Kopija | Cc | Kopijos",
        bcc="Slapta kopija | Nematoma kopija | Bcc | Nematomoji kopija",
        reply_to="Atsakyti | Atsakyti kam | Atsakymas",
        subject="Tema",
        date="Data | Išsiųsta | Išsiuntimo data | Siųsta | Siųsta data",
        forward_prefixes="Pers | PERS | Persiųsta | Persiuntimas | Fwd | FW",
        reply_prefixes="Ats | ATS | Atsakymas | Re",
        markers="Persiųstas laiškas | Persiųstas pranešimas | Persiunčiamas laiškas | Pradinis pranešimas | "
        "Originalus laiškas | Originalus pranešimas | Pradinis laiškas | Persiunčiamo laiško pradžia | "
        "Persiųsto laiško pradžia",
        end_markers="Persiųsto laiško pabaiga | Persiunčiamo laiško pabaiga",
        attributions=(
            "{date} {name} <{address}> rašė:",
            "{date}, {name} <{address}> rašė:",
            "{name} <{address}> rašė {date}:",
            "{date}, {name} <{address}> parašė:",
            "{date} {name} <{address}> parašė:",
            "{name} rašė:",
        ),
        order="ymd",
    ),
    locale(
        "lv",
        sender="No | Sūtītājs | No kā",
        to="Kam | Adresāts | Saņēmējs | Adresāti | Uz",
        cc="Kopija | Cc | Kopijas | Kopija kam",
        bcc="Diskrētā kopija | Bcc | Slēptā kopija",
        reply_to="Atbildēt | Atbildēt uz | Atbilde uz | Atbildēt kam",
        subject="Temats | Tēma",
        date="Datums | Nosūtīts | Nosūtīšanas datums | Sūtīts",
        forward_prefixes="Pārs | PĀRS | Pārsūtīts | Pārsūtīšana | Fwd | FW",
        reply_prefixes="Atb | ATB | Atbilde | Re",
        markers="Pārsūtīta vēstule | Pārsūtīts ziņojums | Pārsūtītā vēstule | Sākotnējais ziņojums | "
        "Oriģinālais ziņojums | Sākotnējā vēstule | Pārsūtītā ziņojuma sākums | Oriģinālā vēstule | "
        "Pārsūtīts e-pasts",
        end_markers="Pārsūtītā ziņojuma beigas",
        attributions=(
            "{date} — lietotājs {name} (<{address}>) rakstīja:",
            "{date}, {name} <{address}> rakstīja:",
            "{date} {name} <{address}> rakstīja:",
            "{name} <{address}> rakstīja {date}:",
            "{date} lietotājs {name} <{address}> rakstīja:",
            "{name} rakstīja:",
            "{date}, lietotājs {name} <{address}> rakstīja:",
        ),
    ),
)
