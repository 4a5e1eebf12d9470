"""From saving a note to seeing it in the browser, in `notecast serve` and in `hugo server`.

    python benchmarks/serve_latency.py --notes 10000 --hugo hugo

Writes a corpus (see `corpus.py`), starts each server on it and a Chromium on a
page, edits, and takes the time from before the write to the moment at which the
page on screen holds the change. Prints one JSON object; `bars` says what is asked
of Notecast at 10,000 notes, and whether it holds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import write_corpus

PATIENCE = 300.0
# Tells, whenever the page changes, which marks stand on it and when.
OBSERVER = """
  const tell = () => {
    const found = document.body ? document.body.textContent.match(/MARK-\\d+/g) || [] : [];
    const key = found.join();
    if (key === window.marks) return;
    window.marks = key;
    seen(found, performance.timeOrigin + performance.now());
  };
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(tell).observe(document, all);
  addEventListener("DOMContentLoaded", tell);
"""


class Server:
    """A server in a process of its own."""

    def __init__(self, command: list[str], ready: Callable[[str], str | None]) -> None:
        self.started = time.time()
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.printed = ""
        threading.Thread(target=self._read, daemon=True).start()
        self.address = ""
        while not self.address and time.time() - self.started < PATIENCE * 5:
            assert self.process.poll() is None, self.printed
            self.address = ready(self.printed) or ""
            time.sleep(0.005)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line

    def first_page(self, path: str) -> float:
        """Seconds from the start to the first whole page."""
        while True:
            try:
                with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as response:
                    response.read()
                    return time.time() - self.started
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)

    def memory(self) -> dict[str, float]:
        """Resident MB now and at most, of the process itself."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+)", status))
        return {"now": int(found["VmRSS"]) / 1024, "peak": int(found["VmHWM"]) / 1024}

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def idle(self, seconds: float = 10) -> float:
        """Share of one processor that it takes while nothing happens."""
        before = self.cpu()
        time.sleep(seconds)
        return (self.cpu() - before) / seconds

    def stop(self) -> float:
        """Ctrl-C; seconds until it has ended."""
        started = time.time()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        return time.time() - started


class Reader:
    """A browser on a page."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_context().new_page()
        self.seen: list[tuple[list[str], float]] = []
        self.page.expose_function("seen", lambda marks, at: self.seen.append((marks, at / 1000)))
        self.page.add_init_script(OBSERVER)

    def open(self, address: str, ready: str) -> None:
        self.page.goto(address)
        if ready:
            self.page.wait_for_selector(ready, state="attached")
        self.page.wait_for_timeout(1500)

    def until(self, condition: Callable[[list[str]], bool], since: float) -> float:
        """Milliseconds from `since` to the moment at which the marks on the page fit."""
        end = time.time() + PATIENCE
        while time.time() < end:
            for marks, at in self.seen:
                if at > since and condition(marks):
                    return (at - since) * 1000
            self.page.wait_for_timeout(2)
        raise TimeoutError(f"waited in vain; last seen: {self.seen[-1:]}")


class Edits:
    """Edits of a corpus, each with a mark of its own."""

    def __init__(self, notes: Path, reader: Reader) -> None:
        self.notes = notes
        self.reader = reader
        self.number = 0
        files = sorted(notes.rglob("*.md"))
        self.file = files[len(files) // 2]
        self.text = self.file.read_text(encoding="utf-8")
        self.other = self.file.parent / "a-new-one.md"

    def mark(self) -> str:
        self.number += 1
        return f"MARK-{self.number}"

    def _timed(self, write: Callable[[], object], fits: Callable[[list[str]], bool]) -> float:
        since = time.time()
        write()
        taken = self.reader.until(fits, since)
        self.reader.page.wait_for_timeout(1500)  # nobody types without a pause
        return taken

    def body(self) -> float:
        """A sentence more, seen on the note's own page."""
        mark = self.mark()
        text = self.text.replace("\n\n", f"\n\nA sentence more, {mark}.\n\n", 2)
        return self._timed(lambda: self.file.write_text(text, "utf-8"), lambda m: mark in m)

    def title(self) -> float:
        """Another title, seen in the list on the home page; the note is the newest."""
        mark = self.mark()
        text = re.sub(r"(?m)^title: .*$", f'title: "Title {mark}"', self.text, count=1)
        text = re.sub(r"(?m)^date: .*$", "date: 2026-01-01", text, count=1)
        return self._timed(lambda: self.file.write_text(text, "utf-8"), lambda m: mark in m)

    def new(self) -> float:
        """A new note, seen in the list on the home page."""
        mark = self.mark()
        text = f'---\ntitle: "New {mark}"\ndate: 2026-01-02\ntags: [tag-5]\n---\n\nText.\n'
        return self._timed(lambda: self.other.write_text(text, "utf-8"), lambda m: mark in m)

    def deleted(self) -> float:
        """That note deleted again."""
        mark = f"MARK-{self.number}"
        return self._timed(self.other.unlink, lambda marks: mark not in marks)

    def template(self, file: Path, text: str) -> float:
        """The template of a note changed, seen on the note's own page."""
        mark = self.mark()
        changed = text.replace("</article>", f"<p>{mark}</p></article>")
        assert changed != text
        return self._timed(lambda: file.write_text(changed, "utf-8"), lambda m: mark in m)

    def restore(self) -> None:
        self.file.write_text(self.text, "utf-8")
        self.other.unlink(missing_ok=True)


def summary(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    place = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    return {
        "count": len(ordered),
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[place], 1),
        "most": round(ordered[-1], 1),
    }


def measure(
    server: Server,
    reader: Reader,
    notes: Path,
    *,
    home: str,
    note: str,
    ready: str,
    template: tuple[Path, str],
    edits: int,
) -> dict[str, Any]:
    """All edits against one server."""
    times: dict[str, list[float]] = {"body": [], "title": [], "new": [], "deleted": []}
    edit = Edits(notes, reader)
    try:
        reader.open(server.address + note, ready)
        for _ in range(edits * 2 // 5):
            times["body"].append(edit.body())
        times["template"] = [edit.template(*template) for _ in range(5)]
        template[0].unlink(missing_ok=True)
        reader.open(server.address + home, ready)
        edit.title()  # brings it to the top of the list
        for _ in range(edits // 5):
            times["title"].append(edit.title())
            times["new"].append(edit.new())
            times["deleted"].append(edit.deleted())
    finally:
        edit.restore()
    main = [taken for kind in ("body", "title", "new", "deleted") for taken in times[kind]]
    return {"all edits": summary(main), **{kind: summary(found) for kind, found in times.items()}}


def notecast(root: Path, browser: Any, edits: int, *, cold_too: bool) -> dict[str, Any]:
    """`notecast serve`, cold if that is wanted, warm, then edits."""
    command = [sys.executable, "-m", "notecast", "serve", str(root), "--port", "0"]

    def ready(printed: str) -> str | None:
        match = re.search(r"is at (http://\S+)/ ", printed)
        return match[1] if match else None

    result: dict[str, Any] = {}
    if cold_too:
        shutil.rmtree(root / ".notecast", ignore_errors=True)
        cold = Server(command, ready)
        result["first page, cold (s)"] = round(cold.first_page("/"), 2)
        started = time.time()
        while "still" in _state(cold) and time.time() - started < 1200:
            time.sleep(1)
        result["all read, cold (s)"] = round(time.time() - cold.started, 1)
        result["memory cold (MB)"] = cold.memory()
        cold.stop()
    warm = Server(command, ready)
    result["first page, warm (s)"] = round(warm.first_page("/"), 2)
    time.sleep(8)
    result["idle processor share"] = round(warm.idle(), 4)
    theme = Path(__file__).parent.parent / "templates/note.html"
    file = root / "templates/note.html"
    file.parent.mkdir(exist_ok=True)
    reader = Reader(browser)
    note = _address(root / "notes")
    result["ms"] = measure(
        warm,
        reader,
        root / "notes",
        home="/",
        note=note,
        ready="#notecast-preview",
        template=(file, theme.read_text(encoding="utf-8")),
        edits=edits,
    )
    result["memory (MB)"] = warm.memory()
    reader.page.context.close()
    result["stop (s)"] = round(warm.stop(), 2)
    return result


def _state(server: Server) -> str:
    """`still` while notes are read."""
    address = f"{server.address}/.notecast/events?page=/&have="
    with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
        for line in stream:
            if line.startswith(b"data:") and b'"building"' in line:
                return "" if b'"building":null' in line else "still"
    return ""


def _address(notes: Path) -> str:
    files = sorted(notes.rglob("*.md"))
    return f"/notes/{files[len(files) // 2].relative_to(notes).as_posix()[:-3]}/"


LAYOUTS = {
    "_default/single.html": "<!doctype html><html><head><title>{{ .Title }}</title></head><body>"
    "<article><h1>{{ .Title }}</h1>{{ .Content }}{{ with .PrevInSection }}<a href='{{ .RelPermalink"
    " }}'>{{ .Title }}</a>{{ end }}</article></body></html>",
    "_default/list.html": "<!doctype html><html><head><title>{{ .Title }}</title></head><body>"
    "{{ range (.Paginate .Pages.ByDate.Reverse 12).Pages }}<h2><a href='{{ .RelPermalink }}'>"
    "{{ .Title }}</a></h2>{{ .Summary }}{{ end }}</body></html>",
    "index.html": "<!doctype html><html><head><title>Home</title></head><body>"
    "{{ range (.Paginate site.RegularPages.ByDate.Reverse 12).Pages }}<h2><a href='{{ .RelPermalink"
    " }}'>{{ .Title }}</a></h2>{{ .Summary }}{{ end }}</body></html>",
}


def hugo(program: str, root: Path, browser: Any, edits: int) -> dict[str, Any]:
    """`hugo server` on the same notes, with the plainest templates that show the same."""
    folder = root.parent / "hugo"
    for name, text in LAYOUTS.items():
        file = folder / "layouts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "hugo.toml").write_text(
        'baseURL = "http://localhost/"\ntitle = "Bench"\ntimeout = "300s"\n'
        'disableKinds = ["RSS", "sitemap"]\n[module]\n'
        f'[[module.mounts]]\nsource = "{root / "notes"}"\ntarget = "content/notes"\n',
        encoding="utf-8",
    )
    command = [program, "server", "--source", str(folder), "--port", "18313", "--renderToMemory"]

    def ready(printed: str) -> str | None:
        return "http://localhost:18313" if "Web Server is available" in printed else None

    server = Server(command, ready)
    result: dict[str, Any] = {"first page (s)": round(server.first_page("/"), 2)}
    result["idle processor share"] = round(server.idle(), 4)
    reader = Reader(browser)
    layout = folder / "layouts/_default/single.html"
    result["ms"] = measure(
        server,
        reader,
        root / "notes",
        home="/",
        note=_address(root / "notes"),
        ready="",
        template=(layout, LAYOUTS["_default/single.html"]),
        edits=edits,
    )
    result["memory (MB)"] = server.memory()
    server.stop()
    return result


def bars(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is asked of the preview at 10,000 notes, what was measured, and whether it holds."""
    times = found["ms"]
    processes = (found["memory (MB)"], found.get("memory cold (MB)", {"peak": 0}))
    memory = round(max(process["peak"] for process in processes))
    asked = [
        ("save to changed page, median (ms)", 120, times["all edits"]["median"]),
        ("save to changed page, 95th percentile (ms)", 250, times["all edits"]["p95"]),
        ("changed template on the visible page, most (ms)", 1000, times["template"]["most"]),
        ("first page, warm (s)", 1.5, found["first page, warm (s)"]),
        ("idle processor share", 0.02, found["idle processor share"]),
        ("memory (MB)", 500, memory),
    ]
    if (first := found.get("first page, cold (s)")) is not None:
        asked.append(
            ("first page before all is read, cold (s)", found["all read, cold (s)"], first)
        )
    return {name: {"bar": bar, "is": value, "met": value <= bar} for name, bar, value in asked}


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--notes", type=int, default=10000)
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="use this folder with notes/ in it")
    parser.add_argument("--hugo", metavar="PROGRAM", help="measure this Hugo, too")
    parser.add_argument("--warm", action="store_true", help="use the cache that is there")
    arguments = parser.parse_args()
    from playwright.sync_api import sync_playwright

    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync"
    )
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        root = arguments.folder or Path(temporary) / "site"
        if not arguments.folder:
            write_corpus(root / "notes", arguments.notes)
            (root / "site.yaml").write_text("title: Bench\n", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=flags.split())
        found: dict[str, Any] = {"notes": sum(1 for _ in (root / "notes").rglob("*.md"))}
        found["load of the machine before"] = os.getloadavg()[0]
        found["notecast"] = notecast(root, browser, arguments.edits, cold_too=not arguments.warm)
        found["bars"] = bars(found["notecast"])
        print(json.dumps(found, indent=2), file=sys.stderr)
        if arguments.hugo:
            found["hugo"] = hugo(arguments.hugo, root, browser, arguments.edits)
        found["load of the machine after"] = os.getloadavg()[0]
        print(json.dumps(found, indent=2))
        browser.close()


if __name__ == "__main__":
    main()
