"""The words mail clients use, one entry per language: data only, sorted by tag."""

from __future__ import annotations

from crm_logger.core.locales.east_asian import EAST_ASIAN
from crm_logger.core.locales.entry import Locale
from crm_logger.core.locales.germanic import GERMANIC
from crm_logger.core.locales.romance import ROMANCE
from crm_logger.core.locales.slavic import SLAVIC
from crm_logger.core.locales.uralic import URALIC

__all__ = ["LOCALES", "Locale"]

LOCALES: tuple[Locale, ...] = tuple(
    sorted((*EAST_ASIAN, *GERMANIC, *ROMANCE, *SLAVIC, *URALIC), key=lambda entry: entry.tag)
)
