"""Albanian, Greek and Maltese, and the Celtic languages: the rest of Western Europe."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

MEDITERRANEAN = (
    locale(
        "el",
        sender="Από | Αποστολέας",
        to="Προς | Παραλήπτης | Παραλήπτες",
        cc="Κοιν. | Κοιν | Κοινοποίηση | Cc | Κοινοποίηση σε",
        bcc="Ιδ. κοιν. | Κρυφή κοινοποίηση | Κρυφή κοιν. | Bcc | Ιδιαίτερη κοινοποίηση",
        reply_to="Απάντηση σε | Απάντηση προς | Απάντηση στο",
        subject="Θέμα",
        date="Ημερομηνία | Στάλθηκε | Εστάλη | Αποστολή | Ημ/νία | Ημερομηνία αποστολής | Στάλθηκε στις",
        forward_prefixes="ΠΡΘ | Πρθ | Προώθ | Προώθηση | FW | Fwd",
        reply_prefixes="ΑΠ | Απ | ΑΠΑΝΤ | Απάντηση | ΣΧΕΤ | Σχετ | Re",
        markers="Προωθημένο μήνυμα | Μήνυμα που προωθήθηκε | Προωθημένο Μήνυμα | "
        "Αρχή προωθημένου μηνύματος | Έναρξη προωθημένου μηνύματος | Προωθημένο email | "
        "Έναρξη προωθούμενου μηνύματος",
        markers_of_both="Αρχικό μήνυμα | Αρχικό Μήνυμα | Πρωτότυπο μήνυμα",
        end_markers="Τέλος προωθημένου μηνύματος",
        attributions=(
            "Στις {date}, ο/η {name} <{address}> έγραψε:",
            "Στις {date} ο/η {name} <{address}> έγραψε:",
            "Στις {date}, ο χρήστης {name} <{address}> έγραψε:",
            "Στις {date}, ο χρήστης «{name}» <{address}> έγραψε:",
            "{date}, ο χρήστης «{name}» <{address}> έγραψε:",
            "{date}, ο/η {name} <{address}> έγραψε:",
            "Στις {date}, {name} <{address}> έγραψε:",
            "Την {date}, ο/η {name} <{address}> έγραψε:",
            "Ο/Η {name} <{address}> έγραψε στις {date}:",
            "Ο/Η {name} έγραψε:",
            "Στις {date} ο χρήστης {name} <{address}> έγραψε:",
        ),
    ),
    locale(
        "mt",
        sender="Minn | Mingħand",
        to="Lil | Għal",
        cc="Cc | Kopja | Kopja lil",
        bcc="Bcc",
        reply_to="Wieġeb lil",
        subject="Suġġett",
        date="Data | Mibgħut | Mibgħuta | Intbagħat",
        forward_prefixes="FW | Fwd",
        reply_prefixes="Re",
        markers="Messaġġ mibgħut 'il quddiem | Messaġġ oriġinali | Messaġġ mgħoddi",
        attributions=(
            "Fil-{date}, {name} <{address}> kiteb:",
            "Fi {date}, {name} <{address}> kiteb:",
            "{name} <{address}> kiteb:",
        ),
    ),
    locale(
        "sq",
        sender="Nga | Dërguesi",
        to="Për | Te | Marrësi | Drejtuar",
        cc="Cc | Kopje | Kopje për",
        bcc="Bcc | Kopje e fshehtë",
        reply_to="Përgjigju te | Përgjigjju | Përgjigje për | Përgjigjuni te",
        subject="Subjekti | Subjekt | Tema | Lënda | Titulli",
        date="Data | Datë | Dërguar | Dërguar më",
        forward_prefixes="Fwd | FW | Përc | PCJ",
        reply_prefixes="Re | Përgj | PËR",
        markers="Mesazh i përcjellë | Mesazhi i përcjellë | Mesazhi origjinal | Mesazh origjinal | "
        "Mesazhi fillestar",
        attributions=(
            "Më {date}, {name} <{address}> shkroi:",
            "Më {date} {name} <{address}> shkroi:",
            "Në {date}, {name} <{address}> shkroi:",
            "Në {date}, {name} <{address}> ka shkruar:",
            "{name} <{address}> shkroi më {date}:",
            "{name} shkroi:",
        ),
    ),
)

CELTIC = (
    locale(
        "br",
        sender="A-berzh | Digant | Kaser",
        to="Da",
        cc="Eilenn | Cc | Eilskrid",
        bcc="Eilenn kuzh",
        subject="Danvez | Titl",
        date="Deiziad | Kaset",
        markers="Kemennadenn treuzkaset | Kemennadenn orin",
        attributions=(
            "D'an {date}, {name} <{address}> en deus skrivet:",
            "D'an {date} e skrivas {name} <{address}>:",
        ),
    ),
    locale(
        "cy",
        sender="Oddi wrth | Gan | Oddiwrth | Anfonwr",
        to="At | I | Derbynnydd",
        cc="Cc | Copi | Copi at",
        bcc="Bcc | Copi dall | Copi cudd",
        reply_to="Ateb i | Ymateb i | Ateb at",
        subject="Pwnc | Testun",
        date="Dyddiad | Anfonwyd | Anfonwyd ar",
        forward_prefixes="YML | Yml | Ymlaen | Fwd | FW",
        reply_prefixes="ATB | Atb | Re",
        markers="Neges wedi'i hanfon ymlaen | Neges a anfonwyd ymlaen | Neges wreiddiol | "
        "Neges Wreiddiol | Neges wedi ei hanfon ymlaen | Neges wedi’i hanfon ymlaen",
        attributions=(
            "Ar {date}, ysgrifennodd {name} <{address}>:",
            "Ar {date} ysgrifennodd {name} <{address}>:",
            "Ar {date}, {name} <{address}> ysgrifennodd:",
            "Ysgrifennodd {name} <{address}> ar {date}:",
            "Ysgrifennodd {name}:",
        ),
    ),
    locale(
        "ga",
        sender="Ó | Seoltóir",
        to="Chuig | Do | Faighteoir",
        cc="Cc | Cóip | Cóip chuig",
        bcc="Bcc | Cóip dhall",
        reply_to="Freagra chuig | Freagair | Freagair chuig",
        subject="Ábhar",
        date="Dáta | Seolta",
        forward_prefixes="Fwd | FW | Ar Agh",
        reply_prefixes="Re | Fre",
        markers="Teachtaireacht curtha ar aghaidh | Bunteachtaireacht | Teachtaireacht seolta ar aghaidh | "
        "An teachtaireacht bhunaidh | Teachtaireacht Bhunaidh",
        attributions=(
            "Ar {date}, scríobh {name} <{address}>:",
            "Ar {date} scríobh {name} <{address}>:",
            "Ar {date}, {name} <{address}> scríobh:",
            "Scríobh {name} <{address}> ar {date}:",
            "Scríobh {name}:",
        ),
    ),
    locale(
        "gd",
        sender="O | Bho | Bhon",
        to="Gu | Do | Dha",
        cc="Cc | Lethbhreac | Lethbhreac gu",
        bcc="Bcc",
        reply_to="Freagair gu",
        subject="Cuspair",
        date="Deit | Ceann-là | Air a chur",
        markers="Teachdaireachd air a sìneadh air adhart | Teachdaireachd thùsail | An teachdaireachd thùsail",
        attributions=("{date}, sgrìobh {name} <{address}>:", "Sgrìobh {name} <{address}> {date}:"),
    ),
)
