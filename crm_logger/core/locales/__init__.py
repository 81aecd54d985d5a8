"""The words mail clients use, one entry per language: data only, sorted by tag."""

from __future__ import annotations

from crm_logger.core.locales.african import AFRICAN
from crm_logger.core.locales.baltic import BALTIC
from crm_logger.core.locales.east_asian import EAST_ASIAN
from crm_logger.core.locales.entry import Locale
from crm_logger.core.locales.germanic import GERMANIC
from crm_logger.core.locales.iberian import IBERIAN
from crm_logger.core.locales.indic import INDIC
from crm_logger.core.locales.mediterranean import CELTIC, MEDITERRANEAN
from crm_logger.core.locales.nordic import NORDIC
from crm_logger.core.locales.right_to_left import RIGHT_TO_LEFT
from crm_logger.core.locales.romance import ROMANCE
from crm_logger.core.locales.slavic_cyrillic import SLAVIC_CYRILLIC
from crm_logger.core.locales.slavic_latin import SLAVIC_LATIN
from crm_logger.core.locales.southeast_asian import SOUTHEAST_ASIAN
from crm_logger.core.locales.turkic import CAUCASIAN, TURKIC

__all__ = ["AMBIGUOUS", "LOCALES", "Locale"]

_FAMILIES = (
    AFRICAN,
    BALTIC,
    CAUCASIAN,
    CELTIC,
    EAST_ASIAN,
    GERMANIC,
    IBERIAN,
    INDIC,
    MEDITERRANEAN,
    NORDIC,
    RIGHT_TO_LEFT,
    ROMANCE,
    SLAVIC_CYRILLIC,
    SLAVIC_LATIN,
    SOUTHEAST_ASIAN,
    TURKIC,
)

LOCALES: tuple[Locale, ...] = tuple(
    sorted((entry for family in _FAMILIES for entry in family), key=lambda it: it.tag)
)

AMBIGUOUS: dict[str, frozenset[str]] = {
    "da": frozenset({"sender", "to"}),  # Italian and Breton
}
"""Labels, folded (letters.fold), that mean different fields in different languages, with the names of these fields."""
