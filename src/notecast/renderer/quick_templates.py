"""Jinja's templates, made quicker where a site lets them be.

What is the same on all pages of a site (`t("home")`, `asset("site.css")`, `site.title`) is
looked up while a template is compiled and not for each page, and text that is put out is
escaped without a wrapper around each piece. What comes out is the same.
Entry point: `QuickEnvironment`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from types import CodeType
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

_OF_DICTS = frozenset(dir(dict))
_MISSING = object()


class QuickEnvironment(Environment):
    """Jinja's, quicker with constants, with dicts and with escaping.

    Args:
        constants: What may be taken for a constant: by name a dict (`site`), or a function
            whose result depends on its arguments alone (`t`). They have to be globals, too.
        sources: The templates: a name that any of them gives another meaning is no constant.
        options: As for Jinja.
    """

    def __init__(
        self, constants: Mapping[str, Any], sources: Iterable[str], **options: Any
    ) -> None:
        super().__init__(**options)
        self.template_class = _Template
        rebound = _rebound(constants, sources)
        self._constants = {name: value for name, value in constants.items() if name not in rebound}

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Jinja looks for an attribute before it looks for a key, and a dict has few of those.
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return Environment.getattr(self, obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        folded: nodes.Template = _Folding(self, self._constants).visit(tree)
        return folded


class _Template(Template):
    """A template that escapes by `_escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> "Template":
        template = super().from_code(environment, code, globals, uptodate)
        # The compiled module calls it for what it puts out, and joins the pieces.
        template.root_render_func.__globals__["escape"] = _escaped
        return template


def _escaped(value: Any) -> str:
    """As `markupsafe.escape`, but plain text where nobody asks any more what it is."""
    kind = type(value)
    if kind is str:
        if _SPECIAL(value) is None:
            return value  # type: ignore[no-any-return]
    elif kind is Markup:
        return value  # type: ignore[no-any-return]
    return escape(value)


_SPECIAL = re.compile("[&<>'\"]").search


class _Folding(NodeTransformer):
    """Puts constants in the place of expressions that can have one value only."""

    def __init__(self, environment: Environment, constants: Mapping[str, Any]) -> None:
        self._environment = environment
        self._constants = constants

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        call = self._constants.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        plain = not (node.dyn_args or node.dyn_kwargs) and all(
            isinstance(part, nodes.Const) for part in (*node.args, *(k.value for k in node.kwargs))
        )
        if not (callable(call) and plain):
            return node
        try:
            value = call(
                *(part.value for part in node.args if isinstance(part, nodes.Const)),
                **{k.key: k.value.value for k in node.kwargs if isinstance(k.value, nodes.Const)},
            )
        except Exception:  # it may never be called; if it is, the page says what is wrong
            return node
        return self._constant(value, node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        value = self._value(node)
        return node if value is _MISSING else self._constant(value, node)

    def _value(self, node: nodes.Node) -> Any:
        """What an expression such as `site.author.name` gives, if that is known."""
        if isinstance(node, nodes.Name):
            value = self._constants.get(node.name, _MISSING)
            return value if type(value) is dict else _MISSING
        if not isinstance(node, nodes.Getattr):
            return _MISSING
        value = self._value(node.node)
        if type(value) is not dict or node.attr in _OF_DICTS:
            return _MISSING
        return value.get(node.attr, _MISSING)

    def _constant(self, value: Any, node: nodes.Expr) -> nodes.Node:
        if type(value) not in (str, int, bool, type(None)):
            return node
        return nodes.Const(value, lineno=node.lineno, environment=self._environment)


def _rebound(names: Iterable[str], sources: Iterable[str]) -> set[str]:
    """Which names a template may give another meaning; rather too many than too few."""
    any_of = f"({'|'.join(map(re.escape, names))})"
    begin = r"\{%[-+]?\s*"
    bindings = (
        re.compile(rf"{begin}macro\s+{any_of}\b"),
        re.compile(
            rf"{begin}(?:set|for|with|macro|call|import|from)\b(?:(?!%\}}).)*?(?<![.\w'\"]){any_of}"
            r"\s*(?:=(?!=)|,|\)|\bin\b|\bwith\b|[-+]?%\})",
            re.DOTALL,
        ),
    )
    return {name for source in sources for one in bindings for name in one.findall(source)}
