"""The door of docker-compose.yml, a real nginx with its settings: TLS, what is outside, whose address is believed."""

import asyncio
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from deploy.embedded.places import CHECKOUT
from deploy.embedded.services import answers
from services.portal.settings import Settings
from tests.deploy.composed import compose
from tests.servers import free_port
from tests.world import until

ECHO = '''
import asyncio


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    streams = scope["path"].endswith("/stream")
    while not streams and (await receive()).get("more_body"):
        pass  # as the portal does: a body that passes the door as it comes is not sent on behind an answer
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    if streams:
        await send({"type": "http.response.body", "body": b"data: first\\n\\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    traced = dict(scope["headers"]).get(b"traceparent", b"").decode()
    await send({"type": "http.response.body", "body": f"{scope['client'][0]} {scope['scheme']}{traced}".encode()})
'''
DOOR = "127.0.0.1"  # where the door calls the portal from; callers come from elsewhere
CALLER = "127.0.0.9"


@dataclass
class Doors:
    plain: str
    tls: str
    trusted: ssl.SSLContext

    def caller(self, local: str = CALLER) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(verify=self.trusted, local_address=local)
        return httpx.AsyncClient(transport=transport, timeout=10)


def certificate(folder: Path) -> None:
    """One for this machine, by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls_certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "tls_key").write_bytes(key.private_bytes(*pem))


@pytest.fixture(scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Doors]:
    """nginx before a portal that says whom it sees, run by the words of the file."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx:
        assert os.environ.get("CI") != "true", "nginx is missing: .ci/run installs it"
        pytest.skip("nginx is missing: .ci/run installs it")
    folder = tmp_path_factory.mktemp("door")
    certificate(folder)
    portal, plain, tls = free_port(), free_port(), free_port()
    text = (CHECKOUT / "deploy/compose/door.conf").read_text()
    for there, here in {
        "portal:8000": f"127.0.0.1:{portal}",
        "listen 8080": f"listen {plain}",
        "listen 8443": f"listen {tls}",
        "/tmp/": f"{folder}/",
        "/run/secrets/": f"{folder}/",
    }.items():
        assert there in text
        text = text.replace(there, here)
    (folder / "door.conf").write_text(text)
    (folder / "echo.py").write_text(ECHO)
    said = compose()["services"]["portal"]["command"].replace("172.31.250.2", DOOR).split()
    words = {"services.portal.app:app": "echo:app", "0.0.0.0": "127.0.0.1", "8000": str(portal)}
    entry = [nginx, *compose()["services"]["door"]["entrypoint"][1:]]
    entry[entry.index("/etc/jpa/door.conf")] = str(folder / "door.conf")
    subprocess.run([*entry[:-2], "-t"], check=True, capture_output=True)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *(words.get(word, word) for word in said[1:])],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
        ),
        subprocess.Popen(entry),
    ]
    try:
        await until(lambda: answers(portal, "/"), 20)
        await until(lambda: answers_at(plain), 20)
        trusted = ssl.create_default_context(cafile=str(folder / "tls_certificate"))
        yield Doors(f"http://localhost:{plain}", f"https://localhost:{tls}", trusted)
    finally:
        for process in running:
            process.terminate()
            process.wait(10)


async def answers_at(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_plain_http_is_sent_to_tls_and_tls_stays(doors: Doors):
    async with doors.caller() as caller:
        answer = await caller.get(f"{doors.plain}/periods?after=1")
        assert answer.status_code == 308
        assert answer.headers["location"] == "https://localhost/periods?after=1"
        assert "max-age" in (await caller.get(f"{doors.tls}/")).headers["strict-transport-security"]


async def test_the_portal_sees_each_callers_own_address_whatever_the_caller_says(doors: Doors):
    lies = {"x-forwarded-for": "203.0.113.7, 127.0.0.1", "x-forwarded-proto": "http", "forwarded": "for=203.0.113.7"}
    for address in (CALLER, "127.0.0.10"):
        async with doors.caller(address) as caller:
            assert (await caller.get(f"{doors.tls}/", headers=lies)).text == f"{address} https"


async def test_nobody_outside_decides_what_is_traced(doors: Doors):
    async with doors.caller() as caller:
        asked = {"traceparent": "00-00000000000000000000000000000009-0000000000000009-01"}
        assert (await caller.get(f"{doors.tls}/", headers=asked)).text == f"{CALLER} https"


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/operator/rebuild", "//metrics", "/x/..%2f%6detrics"])
async def test_what_is_for_who_runs_it_is_not_outside(doors: Doors, path: str):
    async with doors.caller() as caller:
        assert (await caller.get(f"{doors.tls}{path}")).status_code == 404


async def test_a_live_page_is_told_at_once(doors: Doors):
    async with doors.caller() as caller, caller.stream("GET", f"{doors.tls}/periods/1/stream") as answer:
        async for text in answer.aiter_text():
            assert text == "data: first\n\n"  # the portal has not ended its answer, and never will
            break


async def test_a_body_beyond_the_services_limit_goes_no_further(doors: Doors):
    async with doors.caller() as caller:
        assert (await caller.post(f"{doors.tls}/", content=b"x" * (256 * 1024))).status_code == 200
        assert (await caller.post(f"{doors.tls}/", content=b"x" * (256 * 1024 + 1))).status_code == 413


@pytest.mark.parametrize("path", ["/api/v1/files", "/updates", "/periods/1/plan-versions"])
async def test_where_files_come_in_a_body_may_be_larger(doors: Doors, path: str):
    async with doors.caller() as caller:
        assert (await caller.post(f"{doors.tls}{path}", content=b"x" * 1_000_000)).status_code == 200


def test_the_door_lets_as_many_files_in_as_the_portal_takes():
    fields = Settings.model_fields
    most = fields["files_per_request"].default * fields["file_max_bytes"].default + fields["body_max_bytes"].default
    (room,) = re.findall(r"client_max_body_size (\d{4,})k;", (CHECKOUT / "deploy/compose/door.conf").read_text())
    assert most <= int(room) * 1024 <= most + 1_000_000


async def test_the_doors_own_health_is_told_to_itself_only(doors: Doors):
    async with doors.caller(DOOR) as itself, doors.caller() as caller:
        assert (await itself.get(f"{doors.plain}/door")).status_code == 204
        assert (await caller.get(f"{doors.plain}/door")).status_code == 404
