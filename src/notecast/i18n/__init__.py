"""The words of the user interface, by language.

Entry point: `load_words`. One YAML file for each language, `key: words`; where
one word has a singular, it stands under `key_one`.
"""

from functools import cache
from pathlib import Path


@cache
def load_words(language: str) -> dict[str, str]:
    """The words in a language; what it lacks, and unknown languages, are English.

    Args:
        language: BCP 47: `zh-Hant-TW` is looked for as `zh-hant-tw`, `zh-hant`, then `zh`.
    """
    words = _read("en")
    parts = language.lower().split("-")
    for length in range(1, len(parts) + 1):
        more = _read("-".join(parts[:length]))
        # A language without a singular of its own has none, not that of English.
        words = {
            key: word for key, word in words.items() if key.removesuffix("_one") not in more
        } | more
    return words


def _read(name: str) -> dict[str, str]:
    import yaml

    path = Path(__file__).parent / f"{name}.yaml"
    if not path.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    values = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return {str(key): str(value) for key, value in values.items()}
