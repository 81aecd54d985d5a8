"""Slavic languages in Latin and Cyrillic letters."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

SLAVIC = (
    locale(
        "cs",
        sender="Od | Odesílatel | Odesilatel | Odesláno od",
        to="Komu | Příjemce | Pro",
        cc="Kopie | Cc | CC | V kopii",
        bcc="Skrytá kopie | Skrytá | Bcc | Skrytá kopie (Bcc)",
        reply_to="Odpovědět komu | Odpověď | Odpověď komu | Adresa pro odpověď",
        subject="Předmět | Věc",
        date="Datum | Odesláno | Odeslaná | Zasláno | Posláno",
        forward_prefixes="FW | Fwd | PŘ | Př | Přeposláno",
        reply_prefixes="RE | Re | Odp | Odpověď",
        markers="Přeposlaná zpráva | Původní zpráva | Původní e-mail | Přeposlaný e-mail | Předaná zpráva | "
        "Začátek přeposlané zprávy | Začátek přeposílané zprávy | Původní e-mailová zpráva | Originální zpráva",
        end_markers="Konec přeposlané zprávy | Konec přeposílané zprávy | Konec předané zprávy",
        attributions=(
            "{date} odesílatel {name} <{address}> napsal:",
            "{date} odesílatel {name} <{address}> napsal(a):",
            "Dne {date} {name} <{address}> napsal(a):",
            "Dne {date}, {name} <{address}> napsal(a):",
            "Dne {date} {name} <{address}> napsal:",
            "Dne {date} {name} <{address}> napsala:",
            "{date}, {name} <{address}>:",
            "{name} <{address}> napsal(a) dne {date}:",
            "{name} napsal(a):",
        ),
    ),
    locale(
        "pl",
        sender="Od | Nadawca | Wysłane przez",
        to="Do | Odbiorca | Adresat",
        cc="DW | Dw | Kopia | Cc | Do wiadomości | Kopia do",
        bcc="UDW | Udw | Bcc | Ukryta kopia | Ukryte do wiadomości",
        reply_to="Odpowiedź do | Odpowiedz do | Odpowiedz-Do | Adres odpowiedzi",
        subject="Temat",
        date="Data | Wysłano | Wysłane | Wysłany | Data wysłania",
        forward_prefixes="PD | Pd | Fwd | FW | Przesłano dalej | Przekazano",
        reply_prefixes="ODP | Odp | Re | RE",
        markers="Wiadomość przesłana dalej | Przekazana wiadomość | Wiadomość oryginalna | Oryginalna wiadomość | "
        "Treść przekazanej wiadomości | Początek przekazywanej wiadomości | Początek przekazanej wiadomości | "
        "Przesłana wiadomość | Pierwotna wiadomość | Wiadomość przekazana | Forwarded message | "
        "Początek wiadomości przekazanej dalej",
        end_markers="Koniec przekazanej wiadomości | Koniec przekazywanej wiadomości",
        attributions=(
            "{date} {name} <{address}> napisał(a):",
            "{date}, {name} <{address}> napisał(a):",
            "W dniu {date} {name} <{address}> napisał(a):",
            "W dniu {date}, {name} <{address}> napisał(a):",
            "W dniu {date}, {name} <{address}> pisze:",
            "W dniu {date} {name} <{address}> pisze:",
            "W dniu {date} użytkownik {name} <{address}> napisał:",
            "Dnia {date} {name} <{address}> napisał(a):",
            "Wiadomość napisana przez {name} <{address}> w dniu {date}:",
            "{name} <{address}> w dniu {date} napisał(a):",
            "{name} pisze:",
            "{name} napisał(a):",
        ),
    ),
    locale(
        "ru",
        sender="От | От кого | Отправитель",
        to="Кому | Получатель",
        cc="Копия | Cc | Копии | Копия для",
        bcc="Скрытая копия | Скрытая | СК | Bcc",
        reply_to="Ответить | Кому отвечать | Обратный адрес | Отвечать | Адрес для ответа",
        subject="Тема | Предмет",
        date="Дата | Отправлено | Дата отправки | Отправлен | Послано",
        forward_prefixes="Fwd | FW | ПЕР | Пер | Переслано",
        reply_prefixes="Re | RE | Отв | НА | HA | Ответ",
        markers="Пересланное сообщение | Пересылаемое сообщение | Исходное сообщение | Оригинальное сообщение | "
        "Перенаправленное сообщение | Начало переадресованного сообщения | Начало пересылаемого сообщения | "
        "Начало пересланного сообщения | Пересылаемое письмо | Пересланное письмо | Исходное письмо | "
        "Первоначальное сообщение | Это пересылаемое сообщение | Оригинальное письмо",
        end_markers="Конец пересылаемого сообщения | Завершение пересылаемого сообщения | "
        "Конец переадресованного сообщения | Конец пересланного сообщения | Завершение пересланного сообщения",
        attributions=(
            "{date}, {name} <{address}>:",
            "{date} от {name} <{address}>:",
            "{date} пользователь {name} <{address}> написал:",
            "{date}, {name} <{address}> написал(а):",
            "{date} {name} <{address}> написал(а):",
            "{date}, {name} <{address}> написал:",
            "{date}, {name} <{address}> пишет:",
            "{date} {name} <{address}> пишет:",
            "Вы писали {date}:",
            "{name} <{address}> писал(а) {date}:",
            "{name} пишет:",
        ),
    ),
)
