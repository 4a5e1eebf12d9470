"""How others may cite a note: BibTeX and CSL-JSON.

Entry point: `cite_note`.
"""

import json
import re
import unicodedata
from hashlib import blake2b
from urllib.parse import unquote

from notecast.model import Post
from notecast.site import View
from notecast.works.bibtex_text import bibtex
from notecast.works.csl_json import csl_item
from notecast.works.model import Name, Work

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def cite_note(post: Post, view: View) -> dict[str, str]:
    """The note's record in both forms, as text.

    Its authors stand as they are written: nobody knows whether `The Notecast authors`
    is a person. Without `base_url` the record has no address.
    """
    config = view.config
    people = post.authors or ((config.author.name,) if config.author.name else ())
    work = Work(
        key_of(post, config.author.name),
        "post-weblog",
        title=post.title,
        authors=tuple(Name(literal=name) for name in people),
        issued=post.date[:10],
        container=config.title,
        url=config.base_url.rstrip("/") + post.url if config.base_url else "",
        language=post.lang,
    )
    fields = [f'  "{name}": {_as_json(value)}' for name, value in csl_item(work).items()]
    return {"bibtex": bibtex(work), "csl": "[{\n" + ",\n".join(fields) + "\n}]"}


def key_of(post: Post, site_author: str) -> str:
    """`lovelace2025flow`: author, year and the end of the address, as classic BibTeX allows it.

    Args:
        post: The note.
        site_author: Who wrote notes that name nobody.

    Returns:
        ASCII letters and digits, and `-`. A name in another script gives none of them; an
        address in one gives a short digest, so that two notes never have one key by that.
    """
    people = post.authors or (site_author,)
    author = re.sub("[^a-z0-9]", "", _ascii(people[0].rpartition(" ")[2]))
    written = unquote(post.url.rstrip("/").rpartition("/")[2])
    name = re.sub("[^a-z0-9]+", "-", _ascii(written)).strip("-")
    if not name or not written.isascii():
        name = blake2b(post.url.encode(), digest_size=4).hexdigest()
    year = (post.date or post.updated)[:4]
    return f"{author or 'note'}{year}{'-' if name[0].isdigit() else ''}{name}"


def _ascii(text: str) -> str:
    """Lower case, accents gone, other scripts too."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return plain.encode("ascii", "ignore").decode()
