"""What an engine says of a formula, in the author's words and with a way out.

The engines name their tokens and inner rules ("expected non-special ASCII
characters in string literal"). Entry points: `explain`, `is_unknown`.
"""

import re
from difflib import get_close_matches

from notecast.features.math.commands import nearest
from notecast.features.math.environments import DISPLAY
from notecast.features.math.fault import Fault
from notecast.features.math.tokens import Rendered

_OWN = re.compile(r"\\(?:tag|label|ref|eqref|ce|cf|href|substack|mathop|begin|end)\Z")
"""Commands that we take out of formulas; an engine sees one only without its argument."""

_SAID: tuple[tuple[str, str, str], ...] = (
    # What an engine says (regular expression); what we say, with %s for the command; the hint.
    (
        r'Unmatched closing token: "\\right"',
        "\\right has no \\left",
        "write \\left( before it, or \\left. for no bracket",
    ),
    (
        r'Unmatched closing token: "\\end',
        "this \\end has no \\begin",
        "write the \\begin{…} before it, or delete it",
    ),
    (
        r"Unmatched closing token|Expected 'EOF', got '\}'",
        "this } closes nothing",
        "delete it, or write the { before it; \\} shows a brace",
    ),
    (
        r"Expected closing token \"\\end|Expected.*\\end",
        "\\end{…} is missing",
        "every \\begin{…} wants its \\end{…}",
    ),
    (
        r"Expected closing token \"\\right|Expected '\\right'",
        "\\right is missing",
        "every \\left wants a \\right; \\right. shows no bracket",
    ),
    (
        r"Expected closing token \"\]|Expected '\]'",
        "] is missing",
        "every [ behind a command wants a ]",
    ),
    (
        r"Expected closing token|Expected '\}'|expected '\}'",
        "} is missing",
        "every { wants a }",
    ),
    (
        r'There must be a parenthesis after "(\\[a-z]+)|Invalid delimiter',
        "a bracket is missing behind %s",
        "such as (, [, \\{, |, or a full stop for none",
    ),
    (
        r"Expected column specification|Unknown column alignment",
        "these are no columns of an array",
        "write a letter for each, l, c or r: \\begin{array}{lcr}",
    ),
    (
        r"Duplicate sub|Double (?:super|sub)script",
        "two superscripts or two subscripts stand at one place",
        "put braces around what comes first: {x^a}^b",
    ),
    (
        r"'\^' or '_' directly followed|Got (?:function|group).*as (?:sub|super)script",
        "nothing stands between these two signs",
        "put what belongs together into braces, or delete one",
    ),
    (
        r"Expected argument|Expected group|Got function .* as argument",
        "an argument is missing here",
        "put it in braces; {} is an empty one",
    ),
    (
        r"which may only appear after \\int|Limit controls must follow",
        "%s wants an operator before it, such as \\sum",
        "make one: \\mathop{…}%s",
    ),
    (
        r"\\h\[dash\]line",
        "\\hline has no place here",
        "it stands first in an array or behind \\\\",
    ),
    (
        r'Unexpected "\$"|Can\'t use function \'\$\'',
        "a dollar stands inside the formula",
        "write \\$ for a dollar sign; if another formula begins here, close this one before it",
    ),
    (
        r"Invalid parameter number|Macro parameter found|Expected parameter",
        "# stands for the argument of a macro, and this is none",
        "write \\# for the sign itself",
    ),
    (
        r'Expected length with units, found "([^"]*)"|Found invalid unit|Invalid (?:size|unit)',
        "this is no length",
        "such as 1em, 6pt or 3mu",
    ),
    (
        r"Expected non-special ASCII|Expected \"[^\"]*\" to be|was expected to have 1 char",
        "a plain name is missing here",
        "in braces, of letters and digits alone",
    ),
    (
        r"more than one infix fraction|only one infix operator",
        "two of \\over, \\choose and \\atop stand in one group",
        "use \\frac{…}{…}, or braces around each",
    ),
    (
        r"CD arrow",
        "an arrow of CD is not complete",
        "it has three signs of its kind, such as @>f>> and @VgVV",
    ),
    (
        r"Unexpected character",
        "this character has no place in mathematics",
        "put words into \\text{…}",
    ),
)
_LAST_HINT = "take pieces away until it can be set: the last of them is to blame"


def is_unknown(message: str) -> bool:
    """Whether an engine only says that it does not know a command or an environment."""
    return message.startswith(
        ("Unknown command", "Unknown environment", "Undefined control", "No such environment")
    )


def explain(rendered: Rendered, offset: int, at_end: bool, message: str) -> Fault:
    """The engine's message in the author's words, at the author's character.

    Args:
        rendered: What the engine read.
        offset: Where it stopped.
        at_end: Whether that is the end of the formula.
        message: What it said.
    """
    origin = rendered.origin(offset)
    found = re.match(r"\\[A-Za-z]+|\\.", rendered.text[offset:])
    command = found[0] if found else ""
    if command and is_unknown(message):
        if _OWN.match(command):
            return Fault(origin, f"{command} has no argument", f"write {command}{{…}}")
        similar = nearest(command)
        hint = (
            f"did you mean {similar}?"
            if similar
            else "define it with \\newcommand, math.macros or math.macro_files"
        )
        return Fault(origin, f"the command {command} is not known", hint)
    if named := re.match(r'(?:Unknown environment "|No such environment: )([^"]*)', message):
        close = get_close_matches(named[1], sorted(DISPLAY), n=1)
        hint = f"did you mean {close[0]}?" if close else "use aligned, cases, matrix, array …"
        return Fault(origin, f"the environment {named[1]} is not known", hint)
    if ends := re.match(r'Expected "(\\end\{[^"]*)", but found "(\\end\{[^"]*)"', message):
        return Fault(origin, f"{ends[2]} stands where {ends[1]} belongs", f"write {ends[1]}")
    for said, ours, hint in _SAID:
        if match := re.search(said, message):
            subject = command or (match.groups() or ("the command",))[0] or "the command"
            return Fault(origin, ours.replace("%s", subject), hint.replace("%s", subject))
    where = "at the end: " if at_end else ""
    return Fault(origin, where + message[:1].lower() + message[1:].rstrip("."), _LAST_HINT)
