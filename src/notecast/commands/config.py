"""Shows the configuration that is in force, or explains one key of it."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.config_reader import Reading
    from notecast.config_types import Entry

EXAMPLES = """\
examples:
  notecast config                 every key with its value and where it comes from
  notecast config feeds.limit     what a key is for, what it takes, its value
  notecast config --json          the values for a program
  notecast config --schema > .notecast.schema.json
                                  the JSON Schema for editors, with the keys of
                                  this site's own features
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast config`."""
    add = parser.add_argument
    add("key", metavar="KEY", nargs="?", help="the key to explain, such as feeds.limit")
    add("--site", metavar="DIR", help="folder of the site (default: around here)")
    add("-v", "--verbose", action="store_true", help="say more where something goes wrong")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the values as one JSON object")
    form.add_argument("--schema", action="store_true", help="print the JSON Schema of site.yaml")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast config`."""
    from notecast.commands.report import Report
    from notecast.commands.site import open_site
    from notecast.config_schema import plain, schema_text

    reading = open_site(arguments.site)
    if arguments.key:
        values = keys_of(reading)
        if arguments.key not in values:
            raise _unknown(arguments.key, list(values))
        if arguments.json:
            print(json.dumps(plain(values[arguments.key][1]), ensure_ascii=False, indent=2))
        else:
            print(explanation(arguments.key, reading))
    elif arguments.schema:
        print(schema_text(reading.known), end="")
    elif arguments.json:
        tops = {key: plain(value) for key, (_, value, _) in keys_of(reading).items()}
        tops = {key: value for key, value in tops.items() if "." not in key}
        print(json.dumps(tops, ensure_ascii=False, indent=2))
    else:
        print(effective(reading))
    Report().problems(reading.problems)
    return 2 if any(problem.severity == "error" for problem in reading.problems) else 0


def keys_of(reading: "Reading") -> "dict[str, tuple[Entry, Any, Any]]":
    """Every key with its definition, its value and its default."""
    from notecast.config_schema import flat_keys

    found = {}
    for key, entry, default in flat_keys(reading.known):
        first, *rest = key.split(".")
        value = reading.config.options.get(first, getattr(reading.config, first, None))
        for name in rest:
            value = getattr(value, name)
        found[key] = (entry, value, default)
    return found


def origin(key: str, reading: "Reading") -> str:
    """Where a value comes from: `site.yaml:3`, a variable, an argument, `default`."""
    parts = key.split(".")
    for end in range(len(parts), 0, -1):
        outer = ".".join(parts[:end])
        if outer in reading.places:
            # A mapping names the places of the keys that it holds; its others are defaults.
            inner = any(place.startswith(f"{outer}.") for place in reading.places)
            return "default" if inner and outer != key else reading.places[outer]
    return "default"


def effective(reading: "Reading") -> str:
    """All keys and values as a `site.yaml`, with a comment where one is not the default."""
    from notecast.config_schema import shown
    from notecast.config_types import is_section

    lines = [f"# {reading.config.root}; values without a comment are the defaults"]
    for key, (entry, value, _) in keys_of(reading).items():
        indent, name = "  " * key.count("."), key.rpartition(".")[2]
        if is_section(entry.kind):
            lines.append(f"{indent}{name}:")
            continue
        where = origin(key, reading)
        comment = "" if where == "default" else f"  # {where}"
        lines.append(f"{indent}{name}: {shown(value)}{comment}")
    return "\n".join(lines)


def explanation(key: str, reading: "Reading") -> str:
    """What a key is for, what it takes, its default, its value and where that comes from."""
    from notecast.config_layers import ENVIRONMENT
    from notecast.config_schema import shown
    from notecast.config_types import describe, is_section

    values = keys_of(reading)
    entry, value, default = values[key]
    rules, kind = entry.rules, describe(entry.kind)
    if "low" in rules or "high" in rules:
        kind += f" from {rules.get('low', '…')} to {rules.get('high', '…')}"
    lines = [f"{key}: {rules.get('help', '')}", f"  takes     {kind}"]
    if not is_section(entry.kind):
        lines.append(f"  default   {shown(default)}")
        lines.append(f"  now       {shown(value)} ({origin(key, reading)})")
    if rules.get("example") is not None:
        opening = "".join(f"{part}: " for part in key.split(".")[-1:])
        lines.append(f"  example   {opening}{shown(rules['example'])}")
    lines.append(f"  variable  {ENVIRONMENT}{key.upper().replace('.', '__')}")
    inner = [name for name in values if name.startswith(f"{key}.")]
    if inner:
        lines.append(f"  keys      {', '.join(inner)}")
    return "\n".join(lines)


def _unknown(key: str, known: list[str]) -> CommandError:
    from notecast.config_checks import meant
    from notecast.config_renamed import RENAMED

    hint = RENAMED.get(key) or meant(key, known) or "`notecast config` shows all keys"
    return CommandError(f"there is no key `{key}`", hint)
