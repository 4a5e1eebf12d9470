"""The commands that can be set, for "did you mean". Entry point: `nearest`."""

from difflib import get_close_matches

_NAMES = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta"
    " Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
    " frac dfrac tfrac cfrac binom dbinom tbinom sqrt sum prod coprod int iint iiint oint lim"
    " limsup liminf sup inf max min log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh"
    " cosh tanh coth det dim ker hom gcd deg arg Pr limits nolimits"
    " operatorname mathop mathbin mathrel mathord mathopen mathclose mathpunct"
    " mathbf mathbb mathcal mathrm mathit mathsf mathtt mathfrak mathscr boldsymbol bm"
    " text textbf textit textrm textsf texttt mbox"
    " hat widehat tilde widetilde bar overline underline vec dot ddot dddot check breve acute grave"
    " mathring overbrace underbrace overrightarrow overleftarrow overset underset stackrel substack"
    " left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr"
    " langle rangle lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert lbrace rbrace"
    " le leq leqslant ge geq geqslant ne neq equiv approx cong sim simeq propto ll gg prec succ"
    " preceq succeq in notin ni subset subseteq supset supseteq subsetneq cup cap setminus emptyset"
    " varnothing forall exists nexists neg lnot land lor wedge vee top bot perp parallel mid nmid"
    " vdash models therefore because"
    " to gets rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow"
    " longrightarrow longleftarrow Longrightarrow Longleftrightarrow mapsto longmapsto implies"
    " impliedby iff uparrow downarrow Uparrow Downarrow updownarrow nearrow searrow hookrightarrow"
    " xrightarrow xleftarrow rightharpoonup leftharpoonup rightleftharpoons"
    " pm mp times div cdot ast star circ bullet oplus ominus otimes oslash odot dagger ddagger"
    " bigcup bigcap bigoplus bigotimes bigodot bigvee bigwedge bigsqcup sqcup sqcap triangle"
    " triangleq square Box diamond"
    " ldots cdots vdots ddots dots dotsc dotsb infty partial nabla prime hbar ell Re Im aleph wp"
    " angle degree checkmark"
    " pmod bmod mod quad qquad space hspace color textcolor boxed cancel bcancel xcancel phantom"
    " hphantom vphantom smash displaystyle textstyle scriptstyle scriptscriptstyle rm bf it"
    " begin end tag label ref eqref notag nonumber hline not ce"
)
KNOWN = tuple(_NAMES.split())
"""Names without the backslash; the tests set each of them."""


def nearest(command: str) -> str:
    """The known command most like one that is not, such as `\\alhpa`; empty if none is."""
    name = command.removeprefix("\\")
    if name.lower() != name and name.lower() in KNOWN:
        return f"\\{name.lower()}"
    # \\part is the beginning of \\partial and of nothing else.
    longer = [known for known in KNOWN if known.startswith(name)] if len(name) > 2 else []
    found = longer if len(longer) == 1 else get_close_matches(name, KNOWN, n=1, cutoff=0.75)
    return f"\\{found[0]}" if found and found[0] != name else ""
