"""The Markdown dialect: one note's text becomes tokens, then the HTML of its body.

`parser.build_parser` puts the rules together, `body.parse_body` runs them over
a note. Every other module is one rule or one idea; `docs/markdown.md` tells
authors what the dialect offers.
"""

from notecast.loader.markdown.body import Parsed, parse_body, parse_title
from notecast.loader.markdown.excerpt import ExcerptWords
from notecast.loader.markdown.parser import bare_parser, build_parser

__all__ = ["ExcerptWords", "Parsed", "bare_parser", "build_parser", "parse_body", "parse_title"]
