"""What the words of the clients must keep to, whoever adds a language."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules

import pytest

from crm_logger.core import locales
from crm_logger.core.letters import fold
from crm_logger.core.locales import AMBIGUOUS, LOCALES, Locale

ROLES = ("sender", "to", "cc", "bcc", "reply_to", "subject", "date")
WORDS = (
    *ROLES,
    "forward_prefixes",
    "reply_prefixes",
    "markers",
    "markers_of_both",
    "end_markers",
    "attributions",
)
OFFICIAL_EU = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt-PT ro sk sl sv".split()  # noqa: SIM905 - a line of tags
REQUIRED = (
    *OFFICIAL_EU,
    *"nb nn is sr-Cyrl sr-Latn bs mk sq cy eu ca gl uk ru be kk uz az hy ka tr ar he fa ur hi bn mr ta te kn ml".split(),  # noqa: SIM905
    *"gu pa si ne zh-Hans zh-Hant ja ko vi th lo km my id ms fil sw am af mn eo lb pt-BR".split(),  # noqa: SIM905
)

every_locale = pytest.mark.parametrize("entry", LOCALES, ids=lambda entry: entry.tag)


def test_entries_are_sorted_by_tag_and_no_tag_stands_twice() -> None:
    tags = [entry.tag for entry in LOCALES]
    assert tags == sorted(set(tags))


def test_every_family_is_sorted_too() -> None:
    for module in iter_modules(locales.__path__, f"{locales.__name__}."):
        for _, family in inspect.getmembers(import_module(module.name), lambda it: isinstance(it, tuple)):
            tags = [entry.tag for entry in family]
            assert tags == sorted(tags), module.name


def test_every_family_is_in_the_table() -> None:
    known = {entry.tag for entry in LOCALES}
    for module in iter_modules(locales.__path__, f"{locales.__name__}."):
        for _, family in inspect.getmembers(import_module(module.name), lambda it: isinstance(it, tuple)):
            assert {entry.tag for entry in family} <= known, module.name


def test_the_languages_people_will_ask_for_are_there() -> None:
    assert set(REQUIRED) <= {entry.tag for entry in LOCALES}


@every_locale
def test_the_labels_of_a_header_block_are_known(entry: Locale) -> None:
    assert entry.sender
    assert entry.to
    assert entry.subject
    assert entry.date


@every_locale
def test_no_word_stands_twice(entry: Locale) -> None:
    for kind in WORDS:
        words = getattr(entry, kind)
        assert len(words) == len(set(words)), kind


@every_locale
def test_words_stand_without_blanks_colons_and_dashes_around_them(entry: Locale) -> None:
    for word in (word for kind in WORDS if kind != "attributions" for word in getattr(entry, kind)):
        assert word == word.strip(" \t:：-–—_*>"), word
        assert word
        assert "  " not in word


@every_locale
def test_an_attribution_names_somebody_and_uses_known_placeholders_only(entry: Locale) -> None:
    for template in entry.attributions:
        placeholders = re.findall(r"\{(\w*)\}", template)
        assert set(placeholders) <= {"date", "time", "name", "address"}, template
        assert len(placeholders) == len(set(placeholders)), template
        assert "name" in placeholders or "date" in placeholders, template
        assert template == template.strip(), template


@every_locale
def test_the_order_of_numbers_is_one_that_dates_know(entry: Locale) -> None:
    assert entry.order in {"dmy", "mdy", "ymd", ""}


def test_labels_that_mean_different_fields_are_marked_and_no_others() -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for entry in LOCALES:
        for role in ROLES:
            for label in getattr(entry, role):
                meanings[fold(label)].add(role)
    assert {label: frozenset(roles) for label, roles in meanings.items() if len(roles) > 1} == AMBIGUOUS


def test_every_kind_of_word_is_listed_in_these_tests() -> None:
    assert {field.name for field in fields(Locale)} == {"tag", "order", *WORDS}
