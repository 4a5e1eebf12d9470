"""Titles in sentence case, from records that have them in title case.

Entry point: `in_sentence_case`. APA (Publication Manual §6.17, §9.19) and IEEE want
"Deep residual learning for image recognition". Bibliographies in BibTeX mostly hold
"Deep Residual Learning for Image Recognition", with braces around what keeps its
capitals; CSL-JSON holds titles in sentence case (CSL 1.0.2 specification, "text-case").
A title in which some longer word is small is in sentence case already and stays.
"""

import re
from collections.abc import Collection

from notecast.works.names import is_cjk

WORD = re.compile(r"[^\W_](?:[^\W_]|['’](?=[^\W\d_]))*")
"""A word as its case is looked at; compounds have several."""
_ENGLISH = ("en", "american", "australian", "british", "canadian", "usenglish", "ukenglish")
_FORMULA = re.compile(r"\$[^$]*\$")
_NEW_SENTENCE = re.compile(r"(?:[:?!—]|\.(?=\s))[\s\"“”‘’'(\[]*$")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL = _set(
    """a about above across after against along amid among an and around as at be before behind
    below beneath beside between beyond but by can do does during each for from has have if in
    inside into is it its like more near nor not of off on onto or our out outside over per since
    so some than that the their them then there these this those through throughout till to toward
    towards under unlike until up upon using versus via vs was we were what when where whether
    which while who whom whose why will with within without yet you your"""
)
"""Words that title case leaves small, or that some leave small."""
_OTHER_LANGUAGES = _set(
    """auf aus das dem den der des die ein eine einer für im mit und von zum zur zwischen über
    au aux avec dans du et le les par pour sur une degli dei del della delle di gli il nel
    con el las los para por um uma een het naar niet op voor att det och som af og"""
)
"""Small words of languages that write nouns with a capital, or that have no title case."""
_NAMES = _set(
    """Abel Abelian Africa African Alzheimer America American Arabic Asia Asian Australia Australian
    Banach Bayes Bayesian Bell Bellman Bernoulli Boltzmann Boolean Bose Brazil Britain British
    Brownian Canada Canadian Carlo Cartesian Cauchy China Chinese Coulomb Darwin Darwinian Delaunay
    Dirac Dirichlet Dutch Einstein England English Erdős Euclid Euclidean Euler Eulerian Europe
    European Fermi Feynman Fibonacci Finnish Fisher Fourier Fréchet France French Gabor Galois
    Gauss Gaussian German Germany Gibbs Google Grassmann Greek Gödel Hadamard Hamilton
    Hamiltonian Hamming Hankel Hausdorff Hawkes Hebbian Hebrew Hermite Hermitian Hessian Higgs
    Hilbert Hopfield Huffman India Indian Italian Italy Ising Itô Jacobi Jacobian Japan Japanese
    Java Jensen Julia Kalman Keynesian Kolmogorov Korea Korean Krylov Kullback Lagrange Lagrangian
    Langevin Laplace Laplacian Latin Lebesgue Leibler Leibniz Linux Lipschitz London Mahalanobis
    Markov Markovian Maxwell Mexico Minkowski Monte Moore Nash Navier Nesterov Newton
    Newtonian Nyquist Pareto Paris Parkinson Pearson Plato Poisson Python Ramsey Rayleigh Reddit
    Riemann Riemannian Robbins Russia Russian Schrödinger Shannon Sinkhorn Sobolev Spain Spanish
    Spearman Stein Stirling Stokes Swedish Taylor Turing Turkish Twitter Vietnamese Vienna Voronoi
    Wasserstein Welsh Wiener Wikipedia Wilson Zipf Zipfian
    January February April June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday"""
)
"""Names that titles in science are full of, and that few put into braces."""


def in_sentence_case(title: str, kept: Collection[str] = (), language: str = "") -> str:
    """The title with capitals only where a sentence has them; empty if it is so already.

    Args:
        title: Plain text, English as far as can be told.
        kept: Words whose letters stay as they are: those that stood in braces.
        language: What the record says of it, such as `en` or `ngerman`; nothing counts as English.

    Returns:
        Words with a capital inside, digits, single letters but `A`, and names that
        are well known keep their capitals, as do the first words of title and subtitle.
    """
    if is_cjk(title) or (language and not language.lower().startswith(_ENGLISH)):
        return ""
    if not _is_title_case(title, kept):
        return ""

    formulas = [match.span() for match in _FORMULA.finditer(title)]

    def lowered(match: re.Match[str]) -> str:
        word = match[0]
        if any(start < match.start() < end for start, end in formulas):
            return word
        first = not match.start() or _NEW_SENTENCE.search(title[: match.start()])
        return word if first or _stays(word, kept) else word.lower()

    changed = WORD.sub(lowered, title)
    return changed if changed != title else ""


def _is_title_case(title: str, kept: Collection[str]) -> bool:
    title = _FORMULA.sub(" ", title)
    # The second part of a compound is small in many title cases: `Pre-training`.
    words = [match[0] for match in WORD.finditer(title) if title[match.start() - 1] not in "-‐"]
    if any(word in _OTHER_LANGUAGES for word in words):
        return False
    long = [word for word in words[1:] if len(word) > 3 and word.lower() not in _SMALL]
    free = [word for word in long if word[0].isalpha() and not _stays(word, kept)]
    return bool(free) and all(word[0].isupper() for word in free)


def _stays(word: str, kept: Collection[str]) -> bool:
    bare = re.sub("['’]s?$", "", word)
    return (
        word in kept
        or bare in _NAMES
        or any(letter.isupper() or letter.isdigit() for letter in word[1:])
        or (len(word) == 1 and word != "A")
    )


def words_in_braces(value: str) -> list[str]:
    """The words of a BibTeX value that braces touch: `{B}ayes {Deep Blue}` has three.

    Braces around an accent (`{\\'e}`) protect nothing.
    """
    found = []
    depth, start, touched = 0, 0, False
    for position, character in enumerate(value + " "):
        if character == "{":
            depth += 1
            touched = touched or value[position + 1 : position + 2] != "\\"
        elif character == "}":
            depth -= 1
        elif character.isspace() and depth <= 0:
            if touched:
                found.append(value[start:position])
            start, touched = position + 1, False
    return found
