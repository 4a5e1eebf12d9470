"""R34: a build asks nothing of the network, starts no program and reads no environment."""

import os
import subprocess
import sys

from ..conftest import NOW, SiteFolder
from .tools import CANARY

GUARD = """
import sys
def refuse(event, arguments):
    if event in (
        "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind",
        "socket.sendto", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
        "os.spawn", "urllib.Request", "ctypes.dlopen", "webbrowser.open",
    ):
        sys.stderr.write(f"REFUSED {event} {arguments!r}\\n")
        sys.stderr.flush()
        import os
        os._exit(99)
    if event == "open" and arguments[1] and "w" in arguments[1] and isinstance(arguments[0], str):
        import os
        place = os.path.realpath(arguments[0])
        if not place.startswith(tuple(WRITABLE)):
            sys.stderr.write(f"REFUSED writing {place}\\n")
            sys.stderr.flush()
            os._exit(98)
WRITABLE = sys.argv.pop(1).split(":")
sys.addaudithook(refuse)
from notecast.__main__ import main
sys.exit(main())
"""

BODY = """
https://example.com/x.png ![remote](https://example.com/x.png) [a](http://127.0.0.1/)
![[https://example.com/y.png]] <img src="//example.com/z.png"> arXiv:1706.03762
https://arxiv.org/abs/1706.03762 doi:10.1000/182 [[Missing]]

$$\\sum_i x_i$$

```python
print(1)
```

```mermaid
graph LR
```

```dot
graph { a }
```

> [!note] $x$
"""


def test_no_connection_and_no_program(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\nbase_url: https://example.org\n")
    for number in range(4):
        site.note(f"n{number}.md", BODY, title=f"N{number}", image="https://example.com/x.png")
    done = subprocess.run(
        [
            *(sys.executable, "-B", "-c", GUARD, f"{site.root}:/dev/"),
            *("build", str(site.root), "--no-search", "--jobs", "1"),
        ],
        env={
            **os.environ,
            "SOURCE_DATE_EPOCH": str(int(NOW)),
            "SECRET_TOKEN": CANARY,
            "NOTECAST_TOKEN_NOBODY_KNOWS": CANARY,
            "USER": CANARY,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "REFUSED" not in done.stderr, done.stderr
    assert done.returncode in (0, 1), done.stderr
    assert (site.output / "notes/n0/index.html").is_file()
    assert CANARY.encode() not in b"".join(site.tree().values())


def test_the_guard_works(site: SiteFolder) -> None:
    """The guard of the test above does refuse what it is to refuse."""
    program = GUARD.rpartition("from notecast")[0] + "import subprocess; subprocess.run(['true'])"
    done = subprocess.run(
        [sys.executable, "-c", program, str(site.root)], capture_output=True, check=False
    )
    assert done.returncode == 99
