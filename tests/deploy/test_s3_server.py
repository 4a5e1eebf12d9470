"""The store target against a server that others wrote: moto checks signatures with
botocore's own code and answers as Amazon's documentation says."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from notecast.cli import main
from notecast.deploy.s3 import S3Target
from notecast.deploy.sigv4 import Keys
from notecast.deploy.target import LIST, DeployError

from ..conftest import SiteFolder
from .places import needs

# boto3 announces the end of Python versions.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:boto3")
REGION = "us-east-1"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
PREPARING = 4
"""Requests before the server begins to check signatures."""


class Running:
    """The server: where it is, who may write, and a client to look with."""

    def __init__(self, port: int) -> None:
        import boto3

        self.endpoint = f"http://127.0.0.1:{port}"
        first = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
        where: dict[str, Any] = {"endpoint_url": self.endpoint, "region_name": REGION}
        boto3.client("s3", **where, **first).create_bucket(Bucket="notes")
        people = boto3.client("iam", **where, **first)
        people.create_user(UserName="ada")
        key = people.create_access_key(UserName="ada")["AccessKey"]
        people.put_user_policy(
            UserName="ada", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING)
        )
        self.keys = Keys(key["AccessKeyId"], key["SecretAccessKey"])
        second = {
            "aws_access_key_id": self.keys.access,
            "aws_secret_access_key": self.keys.secret,
        }
        self.client = boto3.client("s3", **where, **second)

    def tree(self, prefix: str) -> dict[str, bytes]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="notes", Prefix=prefix)
        keys = [row["Key"] for page in pages for row in page.get("Contents", [])]
        return {
            key.removeprefix(prefix): self.client.get_object(Bucket="notes", Key=key)["Body"].read()
            for key in keys
        }


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    needs(find_spec("moto") is not None and find_spec("flask_cors") is not None, "moto")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(PREPARING)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Running(port)
    finally:
        server.terminate()
        server.wait()


def test_a_site_is_published_changed_and_pruned(
    built: SiteFolder,
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", running.keys.access)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", running.keys.secret)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    place = f"{{bucket: notes, prefix: 我的 blog, endpoint: '{running.endpoint}'}}"
    built.write("site.yaml", f"title: T\nbase_url: https://e.org\ndeploy:\n  s3: {place}\n")
    built.write("static/a+b&c=d%20~(1)'é 前.txt", "odd")

    def published() -> dict[str, bytes]:
        there = running.tree("我的 blog/")
        assert there.pop(LIST)
        return there

    arguments = ["deploy", "--site", str(built.root)]
    assert main(arguments) == 0
    assert published() == built.tree()
    about = running.client.head_object(Bucket="notes", Key="我的 blog/index.html")
    assert about["ContentType"] == "text/html; charset=utf-8"
    assert about["CacheControl"] == "no-cache"
    (style,) = (path for path in built.tree() if path.startswith("static/site.") and "css" in path)
    about = running.client.head_object(Bucket="notes", Key=f"我的 blog/{style}")
    assert about["CacheControl"] == "public, max-age=31536000, immutable"
    built.note("a.md", "Changed.\n", title="Alpha", date="2025-01-02")
    assert main(arguments) == 0
    assert published() == built.tree()
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert "0 uploaded, 0 removed" in said.out
    running.client.put_object(Bucket="notes", Key="我的 blog/theirs.html", Body=b"x")
    assert main(arguments) == 1
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong/secret")
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "did not publish: theirs.html" in said.err
    assert "403 SignatureDoesNotMatch" in said.err
    for secret in (running.keys.secret, "wrong/secret"):
        assert secret not in said.out + said.err


def test_more_files_than_one_page_of_a_listing(running: Running, tmp_path: Path) -> None:
    names = [f"n/{number:04}.txt" for number in range(1003)]
    (tmp_path / "n").mkdir()
    for name in names:
        (tmp_path / name).write_text("x")
    with closing(S3Target("notes", "many", running.endpoint, REGION, running.keys)) as target:
        assert list(target.put(tmp_path, names)) == names
        assert target.present() == set(names)
        target.delete(names[:1002])
        assert target.present() == {names[1002]}


def test_a_bucket_that_is_not_there(running: Running) -> None:
    with closing(S3Target("nobody", "", running.endpoint, REGION, running.keys)) as target:
        with pytest.raises(DeployError, match="404 NoSuchBucket"):
            target.present()
        assert target.read_list() is None
