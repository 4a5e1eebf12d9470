"""Text as other programs write it: dialects, Quarto and R Markdown, diagrams."""

import random

DOCUMENTS = ("doc.qmd", "cv/doc.Rmd", "alpha.qmd", "cv/eps.Rmd", "_part.qmd", "流/本.Rmarkdown")
"""Files of Quarto and R; some have a note of the same name beside them, which counts instead."""
LANGUAGES = ("mermaid", "dot", "d2")


def dialect(rng: random.Random, number: int, name: str, picture: str) -> str:
    """A paragraph in the way of another generator.

    Args:
        rng: Chooses.
        number: Makes it differ from all others.
        name: A note that it names, there or not.
        picture: A file that it shows, there or not.
    """
    block = f"60a790f8-d187-499a-b2e2-{rng.randrange(2):012}"
    return rng.choice(
        [
            f'See [a part]({{{{<relref "{name}.md#part" >}}}}) and [x]({{{{% ref "{name}" %}}}}).',
            f'{{{{< figure src="{picture}" caption="A *net* {number}" >}}}}',
            f"{{% post_link {name} %}} and {{% asset_img {picture} 30 20 A title {number} %}}",
            f"[post]({{{{ site.baseurl }}}}{{% post_url {name} %}}) {{% cite doe2020 %}}.",
            f"See {{doc}}`{name}`, {{doc}}`its text <{name}>`, {{ref}}`far` and {{numref}}`pic`.",
            f"(far)=\n## Far {number}\n\nText, see {{eq}}`can`.",
            f"```{{figure}} {picture}\n:name: pic\n\nThe caption {number}\n```",
            f"```{{math}}\n:label: can\n\nx = {number}\n```",
            f"```{{prf:theorem}} Banach {number}\n:label: fix\n\nText of {{prf:ref}}`fix`\n```",
            f"```{{literalinclude}} {name}.py\n```\n\n{{{{< include _part.qmd >}}}}",
            f"- A block {number} with [[{name}]]\n  id:: {block}\n\t- TODO see (({block}))",
            f"- (({block})) and [there]((({block})))",
            f'```text\n--8<-- "data.csv"\n```\n\n{{{{#include {name}.md}}}}',
            f'--8<-- "cv/taken.md"\n\n{number} behind it',
            f"::: {{.callout-note}}\n## Title {number}\nWith [[{name}]].\n:::",
            f"::: tip Box {number}\nText of @sec-far.\n:::",
            f"<!-- {number} -->\n{{{{< foo {number} >}}}}",
        ]
    )


def diagram(rng: random.Random, number: int) -> str:
    """A block that a program of the storm draws, draws nothing from, or complains of."""
    language = rng.choice(LANGUAGES)
    line = rng.choice(("a --> b", "a --> b", f"a --> n{rng.randrange(3)}", "bad", "nothing"))
    more = rng.choice(("", f' {{#fig:c}} title="How it *flows* {number}"', ' alt="Two"'))
    return f"```{language}{more}\ngraph\n{line}\n```"


def document(rng: random.Random, number: int, pieces: list[str], picture: str) -> str:
    """A file of Quarto or R Markdown.

    Args:
        rng: Chooses.
        number: Makes it differ from all others.
        pieces: Paragraphs of it.
        picture: What a chunk shows.
    """
    chunks = [
        f"```{{r}}\n#| label: fig-c\n#| fig-cap: Caption {number}\n"
        f'knitr::include_graphics("{picture}")\n```',
        f"```{{python}}\n#| echo: {rng.choice(('true', 'false'))}\nx = {number}\n```",
        f"## Far {number} {{#sec-far}}\n\nSee @sec-far, @fig-c and \\@ref(fig:c).",
        f"::: {{#thm-a}}\n## Named {number}\nStatement.\n:::\n\nBy @thm-a.",
    ]
    head = rng.choice((f"title: Title {rng.randrange(6)}", f'title: "Doc {number}"'))
    day = f"2023-0{rng.randrange(1, 10)}-01"
    parts = [*rng.sample(chunks, rng.randrange(1, 4)), *pieces]
    return f"---\n{head}\ndate: {day}\n---\n\n" + "\n\n".join(parts) + "\n"


PAINTER = """\
#!/bin/sh
# Version VERSION: draws what it reads.
source=$(cat "${1:--}")
case "$source" in
*bad*) echo "painter: error at line 2 of VERSION" >&2; exit 1 ;;
*nothing*) exit 0 ;;
esac
last=$(printf '%s' "$source" | tail -n 1 | tr -dc 'a-z0-9 ')
printf '<svg xmlns="http://www.w3.org/2000/svg" width="VERSION0pt" height="30pt">%s</svg>' \\
    "<text>$last</text><script>alert(1)</script>"
"""
"""A program that draws; VERSION is replaced."""
