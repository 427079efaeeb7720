"""An object store for the tests: a server of S3's protocol on loopback, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from s3fs import S3FileSystem

BUCKET = "atlas"
_STARTS_WITHIN = 60


@contextmanager
def found_anew() -> Iterator[None]:
    """Has the store looked for as the environment now says, and after the block as it says then."""
    S3FileSystem.clear_instance_cache()
    try:
        yield
    finally:
        S3FileSystem.clear_instance_cache()


@contextmanager
def object_store(log: Path) -> Iterator[dict[str, str]]:
    """The server, with one empty bucket; gives the variables of the environment by which all programs find it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _until_it_answers(address, server)
        urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT")).close()
        with found_anew():
            yield {
                "AWS_ENDPOINT_URL": address,
                "AWS_ALLOW_HTTP": "true",
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "of-the-tests",
                "AWS_SECRET_ACCESS_KEY": "of-the-tests",
                "AWS_EC2_METADATA_DISABLED": "true",
                # A proxy of the machine's has nothing to do with a server on loopback.
                "NO_PROXY": ",".join(filter(None, ["127.0.0.1", os.environ.get("NO_PROXY")])),
            }
    finally:
        server.terminate()
        server.wait()


def _until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    started = time.monotonic()
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (URLError, OSError):
            if server.poll() is not None or time.monotonic() - started > _STARTS_WITHIN:
                raise
            time.sleep(0.1)
