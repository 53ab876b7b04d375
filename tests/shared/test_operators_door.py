"""What the operator's commands ask of a service is no page, and nobody else's to ask."""

from pathlib import Path

from httpx import ASGITransport, AsyncClient

from deploy.embedded import credentials
from deploy.embedded.places import Home
from shared.runtime.listener import Listener
from shared.runtime.service import build, serve
from shared.runtime.settings import ServiceSettings


async def test_the_operators_door_knows_no_page_and_nobody_without_a_token(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.make()
    settings = ServiceSettings(
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        kafka_bootstrap_servers="unused",
        actor_public_keys_file=credentials.public_keys(home, "actor"),
        seal_private_key_file=credentials.signing_key(home, "seal-planner"),
    )
    app = serve(build("planner", settings, Listener()))  # not started: who may ask is known without servers
    async with AsyncClient(transport=ASGITransport(app), base_url="http://planner") as client:
        assert (await client.get("/operator")).status_code == 404
        assert (await client.get("/operator/replay")).status_code == 401
        assert (await client.post("/operator/quarantine/1/close", json={"reason": "a test"})).status_code == 401
