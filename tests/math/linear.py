"""MathML in one line that people can read: what a formula shows and how its parts stand."""

from xml.etree.ElementTree import Element


def linear(element: Element) -> str:
    """`<mfrac>…` becomes `(a)/(b)`, scripts `a_b^c`, limits `a↓b↑c`, tables `[a & b; c & d]`."""
    children = [linear(child) for child in element if child.tag != "annotation"]
    text = (element.text or "").strip("\n")
    match element.tag:
        case "mspace":
            return "␣" if element.get("width", "") not in ("", "0", "0em") else ""
        case "mfrac":
            line = "¦" if element.get("linethickness") in ("0", "0em", "0pt") else "/"
            return f"({children[0]}){line}({children[1]})"
        case "msup" | "msub" | "msubsup":
            marks = {"msup": "^", "msub": "_", "msubsup": "_^"}[element.tag]
        case "mover" | "munder" | "munderover":
            marks = {"mover": "↑", "munder": "↓", "munderover": "↓↑"}[element.tag]
        case "msqrt":
            return f"√({''.join(children)})"
        case "mroot":
            return f"√[{children[1]}]({children[0]})"
        case "mtable":
            return f"[{'; '.join(children)}]"
        case "mtr":
            return " & ".join(children)
        case _:
            return text + "".join(children)
    base = children[0] if len(children[0]) == 1 else f"({children[0]})"
    return base + "".join(
        f"{mark}{{{child}}}" for mark, child in zip(marks, children[1:], strict=True)
    )
