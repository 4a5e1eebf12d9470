"""Names of HTML elements: what is an element, and what is prose in angle brackets.

Notes are full of `<think>`, `<eos>` or `<T>`; a browser would hide such words.
"""


def names(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


HTML = names(
    """
    a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button
    canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div
    dl dt em embed fieldset figcaption figure font footer foreignobject form frame frameset
    h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link
    main map mark
    marquee math menu meta meter nav nobr noframes noscript object ol optgroup option output p
    param picture pre progress q rb rp rt rtc ruby s samp script search section select slot
    small source span strike strong style sub summary sup svg table tbody td template textarea
    tfoot th thead time title tr track tt u ul var video wbr
    """
)
"""Elements of the HTML standard, obsolete ones included, with `svg` and `math`, and the one
in which HTML stands inside `svg`."""

FOREIGN = names(
    """
    animate animatemotion animatetransform circle clippath defs desc ellipse feblend
    fecolormatrix fecomposite fedropshadow feflood fegaussianblur feimage femerge femergenode
    feoffset filter g image line lineargradient marker mask metadata mpath path
    pattern polygon polyline radialgradient rect set stop switch symbol text textpath tspan use
    view annotation annotation-xml maction menclose merror mfenced mfrac mi mmultiscripts mn mo
    mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup
    mtable mtd mtext mtr munder munderover none semantics
    """
)
"""Elements of SVG and MathML, known where an `<svg>` or `<math>` is near."""

VOID = names("area base br col embed frame hr img input link meta param source track wbr")
OPTIONAL_END = names(
    """
    body colgroup dd dt head html li nobr option optgroup p rb rp rt rtc tbody td tfoot th thead
    tr
    """
)
"""Elements whose end tag may be left out."""

RAW_TEXT = frozenset({"script", "style", "textarea", "title"})
"""Elements whose content holds no tags."""
SWALLOWING = RAW_TEXT | {"iframe", "noembed", "noframes", "plaintext", "select", "svg", "xmp"}
"""Elements that hide or garble all that follows if they are not closed."""


def is_element(name: str, near_foreign: bool) -> bool:
    """Whether a lower-case name is that of an element.

    Args:
        near_foreign: Whether an `<svg>` or `<math>` stands in the same block.
    """
    # A hyphen makes a custom element, as in <model-viewer>.
    custom = "-" in name and not name.endswith("-")
    return name in HTML or custom or (near_foreign and name in FOREIGN)
