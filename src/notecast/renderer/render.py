"""One Job to the bytes of one file.

Entry point: `Renderer.render`. Raises `TemplateFailed` with the author's place.
"""

import re
from collections.abc import Container, Mapping
from typing import Any

import jinja2
from markupsafe import Markup
from msgspec import structs

from notecast.model import HOLE, Body, Digest, Job
from notecast.problems import Problem
from notecast.renderer.environment import make_environment
from notecast.renderer.fill import fill_body, fill_quote
from notecast.renderer.settings import RenderSettings

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file can hold, not even as a reference (XML 1.0, section 2.2)."""


class TemplateFailed(Exception):
    """A template could not be rendered; the problem says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Renderer:
    """Renders the pages of one site; one per process."""

    def __init__(self, settings: RenderSettings) -> None:
        self._settings = settings
        self._environment = make_environment(settings)

    def render(self, job: Job, bodies: Mapping[Digest, Body]) -> bytes:
        """The file that a Job asks for.

        Args:
            job: What to render.
            bodies: The bodies that it names.

        Raises:
            TemplateFailed: The template is wrong; the problem names file and line.
        """
        context = dict(job.context)
        base = self._settings.base_path
        if job.note:
            body = bodies[job.note.body]
            context["note"] = {
                **context["note"],
                "body": Markup(fill_body(body.html, job.note.fills, base, bodies)),
                "headings": [
                    structs.replace(one, html=fill_body(one.html, job.note.fills, base, bodies))
                    if HOLE in one.html
                    else one
                    for one in body.headings
                ],
                "options": body.options,
                "extra": body.extra,
            }
        if job.quotes:
            context["entries"] = [
                {
                    **entry,
                    "content": fill_quote(
                        bodies[quote.body].html,
                        quote.fills,
                        self._settings.absolute_base,
                        self._settings.absolute_base + entry["url"],
                        bodies,
                    ),
                }
                for entry, quote in zip(context["entries"], job.quotes, strict=True)
            ]
        try:
            template = self._environment.get_template(job.template)
            text = template.render(context)
            if job.template.endswith(".xml"):
                text = _NOT_XML.sub("\ufffd", text)
            return text.encode("utf-8", "replace")
        except Exception as error:
            raise TemplateFailed(self._problem(error, job)) from error

    def _problem(self, error: Exception, job: Job) -> Problem:
        name, line = _place(error, job.template, self._settings.templates)
        shown = self._settings.template_paths.get(name, name)
        hint = "see docs/templates.md for what templates can use"
        message = str(error).strip() or type(error).__name__
        if isinstance(error, jinja2.TemplateSyntaxError):
            message = (error.message or message).rstrip(".")
        elif isinstance(error, jinja2.TemplateNotFound):
            message = f'there is no template called "{error.name}"'
            hint = "the known ones are " + ", ".join(sorted(self._settings.templates))
        elif isinstance(error, RecursionError):
            message = "this template extends or includes itself, maybe by way of others"
            hint = "take out one of the extends, include or import that form the circle"
        elif not isinstance(error, jinja2.TemplateError | LookupError):
            message = f"{type(error).__name__}: {message}"
        return Problem("template-renders", "error", shown, line, 0, message, hint)


def _place(error: BaseException, fallback: str, known: Container[str]) -> tuple[str, int]:
    """Name and line of the innermost template that took part in an error."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return (error.name or fallback, error.lineno)
    place = (fallback, 0)
    trace: Any = error.__traceback__
    while trace is not None:
        # Jinja rewrites the traceback: its frames bear the template's name and lines.
        name = trace.tb_frame.f_code.co_filename
        if name in known:
            place = (name, trace.tb_lineno)
        trace = trace.tb_next
    return place
