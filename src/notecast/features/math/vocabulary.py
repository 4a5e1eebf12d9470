"""The words of the repairs: commands, characters and environments that engines lack or refuse."""

import re

from notecast.features.math.tokens import HAN


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2063-\u206f\ufe0e\ufe0f\ufeff]+")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
WIDE = dict(zip("（）＝＋－＜＞，：；！［］／＊？．｜＿＾＆", "()=+-<>,:;![]/*?.|_^&", strict=True))
DASHES = {"–": "-", "—": "-", "−": "-", "‐": "-", "’": "'", "‘": "'", "，": ","}
WIDE |= {"～": r"\sim ", "＃": r"\#", "％": r"\%", "＄": r"\$", "｛": r"\{", "｝": r"\}"}
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " "}
HAN_RUN = re.compile(f"[{HAN}]+\\Z")

TEXT = _words(
    r"\text \textrm \textbf \textit \textsf \texttt \textnormal \textup \mbox \hbox \emph"
    r" \textmd \textsl \textsc"
)
LITERAL = _words(
    r"\operatorname \mathrm \mathbf \mathit \mathsf \mathtt \mathcal \mathbb \mathfrak"
    r" \mathscr \color \textcolor \begin \end \hspace \ce \href \url"
)
RENAMED = {
    r"\mbox": r"\text",
    r"\hbox": r"\text",
    r"\textnormal": r"\textrm",
    r"\textup": r"\textrm",
    r"\textmd": r"\textrm",
    r"\textsl": r"\textit",
    r"\textsc": r"\textrm",
    r"\emph": r"\textit",
    r"\mathbbm": r"\mathbb",
    r"\mathds": r"\mathbb",
    r"\bold": r"\mathbf",
    r"\mathup": r"\mathrm",
    r"\pmb": r"\boldsymbol",
    r"\idotsint": r"\int\cdots\int",
    r"\bracevert": r"\vert",
    r"\ind": r"\perp\!\!\!\perp",
    r"\nind": r"\not\perp\!\!\!\perp",
    r"\independent": r"\perp\!\!\!\perp",
    r"\lt": "<",
    r"\gt": ">",
    r"\LaTeX": r"\text{LaTeX}",
    r"\TeX": r"\text{TeX}",
    r"\centerdot": r"\cdot",
    r"\argmax": r"\operatorname*{arg\,max}",
    r"\argmin": r"\operatorname*{arg\,min}",
    r"\softmax": r"\operatorname{softmax}",
    r"\degree": r"^\circ",
    r"\~": r"\sim ",
}
SIZED = _words(
    r"\left \right \middle \big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr"
    r" \Biggr \bigm \Bigm \biggm \Biggm"
)
ANGLES = {"<": r"\langle ", ">": r"\rangle "}
NOT_LATEX = frozenset((r"\ind", r"\nind", r"\independent", r"\softmax", r"\argmax", r"\argmin"))
DROPPED = _words(
    r"\displaylimits \noindent \centering \par \hfill \hfil \allowdisplaybreaks \nonumber"
    r" \notag \mathstrut \strut \unskip \ignorespaces"
)
MATH_IN_MATH = {r"\[": r"\]", r"\(": r"\)"}
ENVIRONMENTS = {
    "split": "aligned",
    "alignedat": "aligned",
    "align": "aligned",
    "align*": "aligned",
    "alignat": "aligned",
    "alignat*": "aligned",
    "flalign": "aligned",
    "flalign*": "aligned",
    "eqnarray": "aligned",
    "eqnarray*": "aligned",
    "gather": "gathered",
    "gather*": "gathered",
    "multline": "gathered",
    "multline*": "gathered",
    "multlined": "gathered",
    "equation": "gathered",
    "equation*": "gathered",
    "displaymath": "gathered",
    "math": "gathered",
}
COLUMN_COUNT = frozenset(("alignedat", "alignat", "alignat*"))
POSITIONED = frozenset(("aligned", "gathered", "split", "alignedat"))
LENGTH = re.compile(r"\s*(-?\d*\.?\d+)\s*(em|ex|pt|mm|cm|in|px|mu|pc|bp)\s*\Z")
EM = {"em": 1.0, "ex": 0.43, "pt": 0.1, "mm": 0.285, "cm": 2.85, "in": 7.2, "px": 0.075}
EM |= {"mu": 1 / 18, "pc": 1.2, "bp": 0.1}
