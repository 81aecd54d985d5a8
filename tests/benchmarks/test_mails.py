"""The benchmark's mails: the same bytes in every run, of the mix and the sizes that are promised."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter

import pytest

from benchmarks.mails import HEAVY, HUGE, SMALL, TINY, Addresses, Shape, huge, kind_of, mail
from crm_logger.core.forward import find_forward
from crm_logger.core.message import parse_message
from tests.cast import bcc, forwarding

TO = Addresses(bcc(), forwarding())


def digest(shape: Shape, mails: int) -> str:
    return hashlib.sha256(b"".join(mail(shape, number, TO) for number in range(mails))).hexdigest()


def test_every_process_makes_the_same_mails() -> None:
    told = "from tests.benchmarks.test_mails import *; print(*(digest(shape, 30) for shape in (SMALL, HEAVY, TINY)))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", told],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {" ".join(digest(shape, 30) for shape in (SMALL, HEAVY, TINY))}


def test_each_hundred_has_the_promised_mix() -> None:
    for start in (0, 4_700):
        mix = Counter(kind_of(number) for number in range(start, start + 100))
        assert mix == {"sent": 55, "forward": 30, "enclosed": 5, "file": 7, "odd": 3}


@pytest.mark.parametrize(
    ("shape", "least", "most"),
    [(SMALL, 12_500, 15_500), (HEAVY, 105_000, 135_000), (TINY, 3_000, 5_000)],
    ids=lambda value: getattr(value, "name", None),
)
def test_mails_have_the_promised_size_on_average(shape: Shape, least: int, most: int) -> None:
    assert least <= sum(len(mail(shape, number, TO)) for number in range(1000)) / 1000 <= most


def test_large_files_have_100_kb_to_3_mb() -> None:
    files = [
        attachment.size
        for number in range(300)
        for attachment in parse_message(mail(HEAVY, number, TO)).attachments
        if attachment.size > 20_000
    ]
    assert len(files) > 20
    assert all(100_000 <= size <= 3_000_000 for size in files)


def test_a_huge_mail_has_45_mb_and_bytes_of_its_own() -> None:
    one, other = huge(1, TO), huge(2, TO)
    assert abs(len(one) - HUGE) < 5_000
    contents = [parse_message(raw).attachments[0].content for raw in (one, other)]
    assert contents[0] != contents[1]


def test_a_forward_is_one_to_us_and_nothing_else_is() -> None:
    for number in range(600):
        message = parse_message(mail(TINY, number, TO))
        assert bool(find_forward(message)) == (kind_of(number) in {"forward", "enclosed"}), number
