"""Tags of GitBook, and the comments that Hexo's NexT and docsify have for tabs.

    {% hint style="info" %} … {% endhint %}        :::info … :::
    {% tabs %} {% tab title="A" %} … {% endtab %}   :::tabs / :::tab A / :::
    <!-- tab A@icon --> … <!-- endtab -->           :::tab A … :::
    <!-- tabs:start --> … <!-- tabs:end -->         :::tabs … :::

Entry points: `read`, `comments`. https://gitbook.com/docs/creating-content/blocks
"""

import posixpath
import re

from notecast.features.dialects.common import address, container
from notecast.features.dialects.outside import outside_code
from notecast.features.dialects.tags import Tag

_LEFT_OUT = frozenset(
    ("content-ref", "stepper", "step", "columns", "column", "updates", "update", "endfile")
)
_COMMENT = re.compile(
    r"^(?P<before>[ \t]*)<!--[ \t]*(?:tabs:(?P<set>start|end)"
    r"|(?P<end>endtab)|tab(?:[ \t]+(?P<title>[^\n]*?))?)[ \t]*-->[ \t]*$",
    re.MULTILINE,
)
COMMENTS = ("<!-- tab", "<!--tab")
"""One of them begins every set of tabs that is written in comments."""


def read(tag: Tag) -> str | None:
    """What a tag becomes; `None` if it is none of GitBook's."""
    if tag.name == "hint":
        return container(tag, tag.first("style") or "info")
    if tag.name == "tabs":
        return container(tag, "tabs")
    if tag.name == "tab" and tag.alone:
        # `{% tab group title %}` is Jekyll's.
        return container(tag, "tab", tag.first("title") or " ".join(tag.words[1:] or tag.words))
    if tag.name == "code" and tag.by_fence:
        return ""
    if tag.name in _LEFT_OUT:
        return ""
    if tag.name == "embed" and "://" in tag.first("url"):
        return "" if tag.closes else f"<{tag.first('url')}>"
    if tag.name == "file" and (tag.closes or tag.first("src")):
        path = tag.first("src")
        return "" if tag.closes else f"[{posixpath.basename(path)}]({address(path)})"
    if tag.name == "page-ref" and tag.first("page"):
        return f"[[{tag.first('page')}]]"
    return None


def comments(text: str) -> str:
    """A text in which tabs are written in containers and not in comments, line for line."""
    return outside_code(text, lambda run, _: _COMMENT.sub(_container, run))


def _container(match: "re.Match[str]") -> str:
    if match["set"]:
        return f"{match['before']}{':::tabs' if match['set'] == 'start' else ':::'}"
    if match["end"]:
        return f"{match['before']}:::"
    return f"{match['before']}:::tab {(match['title'] or '').partition('@')[0]}".rstrip()
