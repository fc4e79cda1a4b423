"""Languages that people and organisations work in: which codes there are.

ISO 639-1, without those that nobody works in today (classical, liturgical and constructed ones, withdrawn codes),
and a few that it has no code for, by ISO 639-3. Their names: `portal.ui.names.language_name`.
"""

from typing import Final

from babel import Locale

_NOT_IN_USE: Final = frozenset({"ae", "cu", "ia", "ie", "io", "la", "mo", "no", "pi", "sa", "sh", "vo"})
_WITHOUT_TWO_LETTERS: Final = frozenset(
    {"bem", "ceb", "chr", "ckb", "crs", "din", "dyu", "fil", "fon", "haw", "kea", "kab", "kok", "mai", "mfe", "mni",
     "mos", "nus", "pap", "pcm", "quc", "rhg", "rom", "sat", "shi", "shn", "tet", "tig", "tpi", "tzm", "umb", "wal"}
)  # fmt: skip

CODES: Final = frozenset(
    code
    for code in map(str, Locale("en").languages)
    if (len(code) == 2 and code not in _NOT_IN_USE) or code in _WITHOUT_TWO_LETTERS
)
"""All codes a working language may have."""
