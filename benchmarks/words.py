"""What the benchmark's mails are made of: words of business, and subjects, some of which are no ASCII."""

from __future__ import annotations

_WORDS = """
    about account after again agreed all along also amount and answer any appointment are as asked at attached available be
    because been before best between both budget business but by call can case change clear client colleague come company
    confirm contact contract copy cost could customer date day deal decision deliver delivery department detail did discuss
    discount do document done draft due during each early email end estimate every example expect feedback figure file final
    find first follow for forward from full further get give go good great had has have hear here hope how however idea if
    important in include information invoice is issue it item just keep know last later leave let like line list little long
    look machine made mail make manager many market material may me meeting month more morning most must name need new next no
    not note now number of offer office on one only open option or order other our out over own page part payment people per
    phone place plan please possible present price problem product project proposal provide quality quarter question quote
    reach ready receive regards regarding reply report request require response review right sales same schedule second see
    send service set several share should sign since site small so some soon start status still stock such supplier support
    sure take team terms than thank that the their them then there these they thing think this those time to today together
    tomorrow too total two under until up update us use very visit wait want was way we week well went were what when where
    which while who will with within without work would year yes yesterday yet you your Grüße für möglich déjà café señor
"""
WORDS = tuple(_WORDS.split())

SUBJECTS = (
    "Your offer",
    "Re: Your offer",
    "Meeting on Thursday",
    "Re: Contract",
    "Invoice",
    "Angebot für die Espressomaschinen",
    "Re: Réunion de jeudi",
    "Question about delivery",
    "Price list and terms of payment for the coming quarter, as discussed on the phone",
    "Next steps",
)
