"""The Nordic languages of the Germanic family."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

NORDIC = (
    locale(
        "da",
        sender="Fra | Afsender",
        to="Til | Modtager",
        cc="Cc | Kopi | Kopi til",
        bcc="Bcc | Blind kopi",
        reply_to="Svar til | Svar-til | Besvar til",
        subject="Emne | Vedr. | Vedrørende",
        date="Dato | Sendt | Sendt den",
        forward_prefixes="VS | Vs | Fwd | FW | Videresendt | Videresend",
        reply_prefixes="SV | Sv | Re | Svar",
        markers="Videresendt meddelelse | Videresendt besked | Videresendt mail | Videresendt e-mail | Oprindelig meddelelse | "
        "Oprindelig besked | Original besked | Original meddelelse | Start på videresendt besked | "
        "Begynd videresendt besked | Forwarded message",
        end_markers="Slut på videresendt besked | Slut på videresendt meddelelse",
        attributions=(
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "På {date} skrev {name} <{address}>:",
            "{name} <{address}> skrev den {date}:",
            "{name} <{address}> skrev {date}:",
            "{name} skrev:",
        ),
    ),
    locale(
        "fo",
        sender="Frá | Sendari",
        to="Til | Móttakari",
        cc="Cc | Avrit",
        subject="Evni",
        date="Dagfesting | Dato | Sent",
        forward_prefixes="Fwd | FW",
        reply_prefixes="SV | Re",
        markers="Víðarisend boð | Upprunalig boð",
        attributions=("{date} skrivaði {name} <{address}>:", "{name} <{address}> skrivaði {date}:"),
    ),
    locale(
        "is",
        sender="Frá | Sendandi",
        to="Til | Viðtakandi",
        cc="Afrit | Cc | Afrit til",
        bcc="Falið afrit | Bcc",
        reply_to="Svara til | Svar til",
        subject="Efni | Viðfangsefni",
        date="Sent | Dagsetning | Dags",
        forward_prefixes="FS | Áframsent | Framsent | Fwd | FW",
        reply_prefixes="SV | Sv | Re",
        markers="Áframsent bréf | Framsend skilaboð | Áframsend skilaboð | Áframsendur póstur | "
        "Upprunaleg skilaboð | Upphaflegt skeyti | Upphafleg skilaboð | Upprunalegt bréf",
        attributions=(
            "{date} skrifaði {name} <{address}>:",
            "Þann {date} skrifaði {name} <{address}>:",
            "Þann {date}, skrifaði {name} <{address}>:",
            "{name} <{address}> skrifaði {date}:",
            "{name} skrifaði:",
        ),
    ),
    locale(
        "nb",
        sender="Fra | Avsender",
        to="Til | Mottaker",
        cc="Kopi | Cc | Kopi til",
        bcc="Blindkopi | Bcc",
        reply_to="Svar til | Svar-til",
        subject="Emne",
        date="Dato | Sendt",
        forward_prefixes="VS | Vs | Fwd | FW | Videresendt | Videresend",
        reply_prefixes="SV | Sv | Re",
        markers="Videresendt melding | Opprinnelig melding | Original melding | Videresendt e-post | Videresendt | "
        "Start på videresendt melding | Videresendt e-melding | Begynnelse på videresendt melding | Opprinnelig e-post",
        end_markers="Slutt på videresendt melding",
        attributions=(
            "{date} skrev {name} <{address}>:",
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "På {date} skrev {name} <{address}>:",
            "{name} <{address}> skrev {date}:",
            "{name} <{address}> skrev følgende den {date}:",
            "{name} skrev:",
        ),
    ),
    locale(
        "nn",
        sender="Frå | Avsendar",
        to="Til | Mottakar",
        cc="Kopi | Cc | Kopi til",
        bcc="Blindkopi | Bcc",
        reply_to="Svar til",
        subject="Emne",
        date="Dato | Sendt | Send",
        forward_prefixes="VS | Vs | Fwd | FW | Vidaresendt | Videresend",
        reply_prefixes="SV | Sv | Re",
        markers="Vidaresend melding | Vidaresendt melding | Opphavleg melding | Original melding | "
        "Vidaresend e-post",
        attributions=(
            "{date} skreiv {name} <{address}>:",
            "Den {date} skreiv {name} <{address}>:",
            "Den {date}, skreiv {name} <{address}>:",
            "{name} <{address}> skreiv {date}:",
            "{name} skreiv:",
        ),
    ),
    locale(
        "sv",
        sender="Från | Avsändare",
        to="Till | Mottagare",
        cc="Kopia | Cc | Kopia till",
        bcc="Hemlig kopia | Dold kopia | Bcc",
        reply_to="Svar till | Svara till | Svar-till | Svarsadress",
        subject="Ämne | Ärende",
        date="Datum | Skickat | Skickades | Skickat den",
        forward_prefixes="VB | Vb | Fwd | FW | Vidarebefordrat",
        reply_prefixes="SV | Sv | Re | Svar",
        markers="Vidarebefordrat meddelande | Ursprungligt meddelande | Originalmeddelande | Vidarebefordrat brev | "
        "Vidarebefordrat e-postmeddelande | Vidarebefordrad e-post | Ursprungligt e-postmeddelande | "
        "Start på vidarebefordrat meddelande | Börja vidarebefordrat meddelande | "
        "Vidarebefordrat mejl | Vidarebefordrat mail | Originalmail",
        end_markers="Slut på vidarebefordrat meddelande",
        attributions=(
            "Den {date} skrev {name} <{address}>:",
            "Den {date}, skrev {name} <{address}>:",
            "{date} skrev {name} <{address}>:",
            "{name} <{address}> skrev den {date}:",
            "{name} <{address}> skrev {date}:",
            "På {date} skrev {name} <{address}>:",
            "{name} skrev:",
        ),
        order="ymd",
    ),
)
