"""The kinds of places that take file by file, each with a way to look at it from behind."""

from pathlib import Path
from typing import Protocol

from notecast.cli import main
from notecast.deploy.s3 import S3Target
from notecast.deploy.sftp import SftpTarget
from notecast.deploy.target import LIST, Target

from ..conftest import SiteFolder
from .places import KEYS, REGION, Store


class Place(Protocol):
    """A target and a way to look at it from behind."""

    target: Target

    def tree(self) -> dict[str, bytes]: ...
    def write(self, path: str, data: bytes) -> None: ...
    def config(self) -> str: ...


class OnDisk:
    def __init__(self, folder: Path, target: Target, config: str) -> None:
        self.folder, self.target, self._config = folder, target, config

    def tree(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def write(self, path: str, data: bytes) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def config(self) -> str:
        return self._config

    def close(self) -> None:
        self.target.close()


class InStore:
    def __init__(self, server: Store) -> None:
        self.server = server
        self.target: Target = S3Target("notes", "blog", server.address, REGION, KEYS)

    def tree(self) -> dict[str, bytes]:
        return {key.removeprefix("blog/"): body for key, (body, _) in self.server.objects.items()}

    def write(self, path: str, data: bytes) -> None:
        self.server.objects[f"blog/{path}"] = (data, {})

    def config(self) -> str:
        address = self.server.address
        return f"s3: {{bucket: notes, prefix: blog, endpoint: '{address}', region: {REGION}}}"


def over_sftp(folder: Path, options: str, host: str) -> OnDisk:
    to, command = f"{host}:{folder}", f"sftp {options}"
    return OnDisk(folder, SftpTarget(to, command), f"sftp: {{to: '{to}', command: '{command}'}}")


def deploy(site: SiteFolder, place: Place, *arguments: str) -> int:
    site.write("site.yaml", f"title: T\nbase_url: https://e.org\ndeploy:\n  {place.config()}\n")
    return main(["deploy", "--site", str(site.root), *arguments])


def published(place: Place) -> dict[str, bytes]:
    return {path: data for path, data in place.tree().items() if path != LIST}
