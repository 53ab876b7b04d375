"""Kafka and PostgreSQL in containers, where Docker runs; the broker has the embedded one's settings."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

from deploy.embedded import credentials
from deploy.embedded.kafka import Node, cluster_id, properties
from deploy.embedded.places import Home

KAFKA_IMAGE = "apache/kafka:4.2.0"
POSTGRES_IMAGE = "postgres:18"


def docker_runs() -> bool:
    """Whether there is a Docker that answers, and nobody asked to leave it alone."""
    if os.environ.get("JPA_TEST_SERVERS") == "embedded" or not shutil.which("docker"):
        return False
    with contextlib.suppress(subprocess.TimeoutExpired):
        return (
            subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
        )
    return False


@contextlib.contextmanager
def containers(home: Home) -> Iterator[dict[str, str]]:
    """Both, as the environment variables that name them."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy
    from testcontainers.postgres import PostgresContainer

    from tests.servers import free_port

    port = free_port()
    node = Node(1, "kafka", home.kafka, port, 9093)
    settings = properties(home, node, [node])
    settings |= {
        "listeners": f"CLIENT://0.0.0.0:{port},CONTROLLER://127.0.0.1:9093",
        "log.dirs": "/tmp/data",
    }
    (home.run / "server.properties").write_text(
        "".join(f"{key}={value}\n" for key, value in settings.items())
    )
    password = credentials.password(home, "kafka-admin")
    script = (
        f"/opt/kafka/bin/kafka-storage.sh format -t {cluster_id(home)} -c /settings/server.properties "
        f"--add-scram 'SCRAM-SHA-256=[name=admin,password={password}]' && "
        "exec /opt/kafka/bin/kafka-server-start.sh /settings/server.properties"
    )
    kafka = (
        DockerContainer(KAFKA_IMAGE)
        .with_bind_ports(port, port)
        .with_volume_mapping(str(home.run), "/settings")
        .with_command(["bash", "-c", script])
        .waiting_for(LogMessageWaitStrategy("Kafka Server started"))
    )
    with kafka, PostgresContainer(POSTGRES_IMAGE, driver=None) as postgres:
        yield {
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{port}",
            "KAFKA_SASL_USERNAME": "admin",
            "KAFKA_SASL_PASSWORD": password,
            "DATABASE_URL": postgres.get_connection_url(),
        }
