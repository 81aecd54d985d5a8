"""Finnish, Estonian, Hungarian, and the languages of the Baltic that stand alone."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

URALIC = (
    locale(
        "fi",
        sender="Lähettäjä | Lähetti",
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
)
