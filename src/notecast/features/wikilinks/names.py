"""What stands for a link that has no text of its own."""


def shown_text(target: str, fragment: str) -> str:
    """What Obsidian shows for a link without text: `Note > Heading`."""
    heading = " > ".join(part.strip() for part in fragment.split("#") if part.strip())
    return " > ".join(part for part in (target, heading.removeprefix("^")) if part)
