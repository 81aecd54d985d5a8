"""Write crm_logger/core/months.py from CLDR, as Babel carries it.

Babel is needed here only: `python -m venv /tmp/venv && /tmp/venv/bin/pip install babel`, then
`/tmp/venv/bin/python tools/make_months.py`; then `ruff format crm_logger/core/months.py`.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import multiprocessing
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_logger.core.letters import fold, plain  # noqa: E402 - the checkout is on the path only now
from crm_logger.core.months import NAMES, TWELVE_HOURS  # noqa: E402

LANGUAGES = """
    af am ar as ast az be bg bn br bs ca ckb cs cy da de el en eo es et eu fa fi fil fo fr fy ga gd gl gu ha
    he hi hr hu hy id ig is it ja jv ka kk km kn ko ku ky lb lo lt lv mi mk ml mn mr ms mt my nb ne nl nn oc
    or pa pl ps pt rm ro ru sd si sk sl so sq sr sr_Latn sv sw ta te tg th tk tr tt ug uk ur uz vi xh yi yo zh
    zh_Hant zu
""".split()  # noqa: SIM905 - a hundred tags read better in lines

# Languages that explain a date only where none of those above does: "jan" is a weekday in some of them.
RARE = """
    ak bm bo ceb co cv doi dsb dz ee ff fur gsw gv haw hsb ia ii kab kl kok ks kw lg lij ln luo mai mg mni nds
    nso om os qu rn rw sa sah sat sc se sg shi sn st su szl ti tn to ts tzm vec wo xnr za zgh
""".split()  # noqa: SIM905

# Countries that write the same language with other names.
COUNTRIES = {
    "ar": ("ar_SY", "ar_DZ", "ar_MA", "ar_SA"),
    "de": ("de_AT", "de_CH"),
    "en": ("en_GB", "en_AU", "en_CA"),
    "es": ("es_MX", "es_US", "es_CL"),
    "fa": ("fa_AF",),
    "fr": ("fr_CA", "fr_CH"),
    "pt": ("pt_PT",),
    "ro": ("ro_MD",),
    "ru": ("ru_UA",),
    "bs": ("bs_Cyrl",),
    "uz": ("uz_Cyrl",),
}

VIETNAMESE = ["một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"]

# Names that Windows, older CLDR or Java write and CLDR no longer has: language, month, name.
OTHER_NAMES = (
    ("az", 1, "yanvar"),
    ("bn", 1, "জানুয়ারি"),
    ("bn", 2, "ফেব্রুয়ারি"),
    ("de", 3, "mrz"),
    ("en", 9, "sept"),
    ("id", 8, "agt"),
    ("id", 11, "nop"),
    ("ms", 8, "ogos"),
    ("nl", 3, "mrt"),
    ("sw", 1, "januari"),
    ("vi", 1, "tháng giêng"),
    *(("vi", number, f"tháng {name}") for number, name in enumerate(VIETNAMESE, 1)),
)

# The same of parts of the day, 0 for those before noon: India's clients write the learned words.
OTHER_PERIODS = (
    ("bn", 0, "পূর্বাহ্ণ"),
    ("bn", 1, "অপরাহ্ণ"),
    ("hi", 0, "पूर्वाह्न"),
    ("hi", 1, "अपराह्न"),
    ("kn", 0, "ಪೂರ್ವಾಹ್ನ"),
    ("kn", 1, "ಅಪರಾಹ್ನ"),
    ("ta", 0, "முற்பகல்"),
    ("te", 0, "పూర్వాహ్న"),
    ("te", 1, "అపరాహ్న"),
)

# Languages that CLDR has no names for: the months, then the weekdays from Monday on.
WITHOUT_CLDR = {
    "dv": "ޖަނަވަރީ ފެބުރުވަރީ މާރިޗު އޭޕްރީލް މޭ ޖޫން ޖުލައި އޮގަސްޓު ސެޕްޓެމްބަރު އޮކްޓޯބަރު ނޮވެމްބަރު ޑިސެމްބަރު ހޯމަ އަންގާރަ ބުދަ ބުރާސްފަތި ހުކުރު ހޮނިހިރު އާދިއްތަ",
    "ht": "janvye fevriye mas avril me jen jiyè out septanm oktòb novanm desanm "
    "lendi madi mèkredi jedi vandredi samdi dimanch",
    "wa": "djanvî fevrî måss avri may djun djulete awousse setimbe octôbe nôvimbe decimbe "
    "londi mårdi mierkidi djudi vénrdi semdi dimegne",
}

Table = dict[str, list[set[str]]]


def main() -> None:
    """Write the module; prints its size."""
    with multiprocessing.get_context("fork").Pool(
        1, maxtasksperchild=1
    ) as fresh:  # Babel's caches leak aliases
        languages = [*LANGUAGES, *RARE]
        tables = dict(zip(languages, fresh.map(names_of, languages, chunksize=1), strict=True))
    for language, month, name in OTHER_NAMES:
        tables[language]["months"][month - 1].add(key(name))
    for language, part, name in OTHER_PERIODS:
        tables[language]["periods"][part].add(key(name))
    tables |= {tag: written(names) for tag, names in WITHOUT_CLDR.items()}
    for tag, table in tables.items():
        keep_older(table, tag.replace("_", "-"))
    lines = [f"    {tag.replace('_', '-')!r}: {entry(tables[tag])!r}," for tag in sorted(tables)]
    text = HEADER + "\n".join(lines).replace("'", '"') + "\n}\n"
    text += f"\nTWELVE_HOURS = frozenset({sorted(TWELVE_HOURS.union(tag for tag in tables if tables[tag]['twelve']))})\n"
    text += f"RARE = frozenset({sorted([*RARE, *WITHOUT_CLDR])})\n"
    path = ROOT / "crm_logger/core/months.py"
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(text.encode())} bytes, {len(tables)} languages")  # noqa: T201 - a tool talks to its caller


HEADER = '''"""Names of months, weekdays and parts of the day in many languages: made by tools/make_months.py, not by hand.

Folded (letters.fold), without dots and spaces. Groups stand apart by `;`: the months from January on, the weekdays
from Monday on, then the words for before noon, after noon, night, and midday; names of one thing stand apart by `,`.
TWELVE_HOURS are the languages that write a twelve-hour clock, in one of their countries at least; RARE are those that
explain a date only where no other language does.
"""

NAMES = {
'''


def entry(table: Table) -> str:
    """Return one language's row."""
    groups = [*table["months"], *table["weekdays"], *table["periods"]]
    return ";".join(",".join(sorted(names)) for names in groups)


def keep_older(table: Table, tag: str) -> None:
    """Keep what is there already: clients carry older editions of CLDR than the one at hand."""
    groups = iter(NAMES.get(tag, "").split(";"))
    for kind in ("months", "weekdays", "periods"):
        for names, older in zip(table[kind], groups, strict=False):
            names.update(filter(None, older.split(",")))


def written(names: str) -> Table:
    """Return the table of a language that CLDR does not know."""
    found = [{key(name)} for name in names.split()]
    return {"months": found[:12], "weekdays": found[12:], "periods": sets(4), "twelve": []}


def names_of(language: str) -> Table:
    """Return everything CLDR calls the months, weekdays and parts of the day in a language and its countries."""
    from babel import Locale  # noqa: PLC0415 - loaded in the fresh process only

    table: Table = {"months": sets(12), "weekdays": sets(7), "periods": sets(4)}
    for name in (language, *COUNTRIES.get(language, ())):
        data = Locale.parse(name)
        collect(table["months"], data.months, first=1)
        collect(table["weekdays"], data.days, first=0)
        collect_periods(table["periods"], data.day_periods)
        collect_affixed(table, data)
        table["twelve"] = (
            [{"yes"}] if "a" in str(data.time_formats["short"].pattern) else table.get("twelve", [])
        )
    for names in table["periods"][:3]:
        if "中午" in names:  # from eleven to one: CLDR calls it afternoon
            names.remove("中午")
            table["periods"][3].add("中午")
    return table


def sets(count: int) -> list[set[str]]:
    """Return that many empty sets."""
    return [set() for _ in range(count)]


def collect(target: list[set[str]], names: Any, *, first: int) -> None:
    """Add the wide and abbreviated names; numbers are no names."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            for number, name in names[context].get(width, {}).items():
                if usable(key(name)):
                    target[number - first] |= {
                        key(name),
                        key(name).removesuffix("сар"),
                    }  # Mongolian inflects "month"


def collect_periods(target: list[set[str]], names: Any) -> None:
    """Sort the words for parts of the day by what they say about a twelve-hour clock."""
    kinds = {"am": 0, "mo": 0, "pm": 1, "af": 1, "ev": 1, "ni": 2, "no": 3}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "narrow"):
            for period, name in names[context].get(width, {}).items():
                kind = kinds.get(period[:2])
                if kind is not None and usable(key(name)):
                    target[kind].add(key(name))


def collect_affixed(table: Table, data: Any) -> None:
    """Add names with what the language's date patterns glue to them ("maiatzaren", "במאי")."""
    bare = {kind: [set(names) for names in table[kind]] for kind in ("months", "weekdays")}
    for pattern in data.date_formats.values():
        for kind, letters in (("months", "MMMM?"), ("weekdays", "[Ec]{3,4}")):
            found = re.search(
                rf"('[^' ]+'|[^\W\da-zA-Z]*){letters}('[^' ]+'|[^\W\da-zA-Z]*)", str(pattern.pattern)
            )
            if found and any(found.groups()) and not re.search("[年月日년월일]", found[0]):
                before, after = (part.strip("'") for part in found.groups())
                for names, known in zip(table[kind], bare[kind], strict=True):
                    names |= {key(before + name + after) for name in known}


def key(name: str) -> str:
    """Return the form in which a name is kept and looked up."""
    return re.sub(r"[\s.,()/-]+", "", fold(plain(name)))


def usable(name: str) -> bool:
    """Tell whether a name is more than a number or a number and its unit."""
    return bool(name) and not re.search(r"\d", name) and (len(name) > 1 or not name.isascii())


if __name__ == "__main__":
    main()
