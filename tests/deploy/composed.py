"""What docker-compose.yml must keep to, as complaints about a file that does not; the tests see each rule refuse."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import yaml
from pydantic import SecretStr

from deploy.embedded.places import CHECKOUT
from services.debrief.settings import Settings as DebriefSettings
from services.intel.settings import Settings as IntelSettings
from services.planner.settings import Settings as PlannerSettings
from services.portal.settings import Settings as PortalSettings
from shared.runtime.settings import ServiceSettings

Document = dict[str, Any]
SETTINGS: Mapping[str, type[ServiceSettings]] = {
    "planner": PlannerSettings,
    "intel": IntelSettings,
    "debrief": DebriefSettings,
    "portal": PortalSettings,
}
ENDS = {"provision", "operator"}  # they do their work and are gone: nobody asks how they are
PINNED = re.compile(r"[a-z0-9./-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")
OWN_IMAGE = "jpa:"
REPORT = {"otel", "prometheus"}
"""Who has a way out beside the door: to where traces and alarms go."""
ADMINISTRATOR = {"JPA_HOME", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SASL_USERNAME"}
ADMINISTRATOR |= {"KAFKA_SASL_PASSWORD_FILE", "DATABASE_URL_FILE"}
ASKED = {f"{service.upper()}_URL" for service in SETTINGS}  # by `doctor`


def compose() -> Document:
    """The file as it is."""
    document: Document = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return deepcopy(document)


@cache
def schema() -> Any:
    """The Compose specification's own, as check-jsonschema brings it."""
    return json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text())


def by_schema(document: Document) -> Iterator[str]:
    """What the Compose specification does not know."""
    for error in jsonschema.Draft202012Validator(schema()).iter_errors(document):
        yield f"{'/'.join(map(str, error.path))}: {error.message}"


def by_settings(document: Document) -> Iterator[str]:
    """Every variable and every secret of a service is a setting, and every setting that must be given is."""
    for name, settings in SETTINGS.items():
        service = document["services"][name]
        variables = {variable.lower() for variable in service["environment"]}
        targets = {secret["target"] for secret in service["secrets"]}
        paths = {str(value).removeprefix("/run/secrets/") for value in service["environment"].values()}
        for variable in sorted(variables - set(settings.model_fields)):
            yield f"{name}: {variable.upper()} is no setting"
        for target in sorted(targets - set(settings.model_fields) - paths):
            yield f"{name}: the secret {target} is no setting, and none names its file"
        for field, info in settings.model_fields.items():
            if info.is_required() and field not in variables | targets:
                yield f"{name}: {field.upper()} is not given"
            if info.annotation is SecretStr and field in variables:
                yield f"{name}: {field.upper()} is a secret and stands in the environment"
        for variable, value in service["environment"].items():
            if str(value).startswith("/run/secrets/") and value.removeprefix("/run/secrets/") not in targets:
                yield f"{name}: {variable} names a file that is not mounted"
    for name in sorted(ENDS):
        for variable in sorted(set(document["services"][name]["environment"]) - ADMINISTRATOR - ASKED):
            yield f"{name}: {variable} is read by nobody"


def by_secrecy(document: Document) -> Iterator[str]:
    """No secret stands in an environment or a command."""
    for name, service in document["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|KEY", variable) and not variable.endswith(("_FILE", "_DIR")):
                yield f"{name}: {variable} holds a secret"
            if re.search(r"//[^/@]*:[^/@]*@", str(value)):
                yield f"{name}: {variable} has a password in its address"
        if re.search(r"(?i)passw(or)?d=", str(service.get("command"))):
            yield f"{name}: a password in its command"


def by_secrets(document: Document) -> Iterator[str]:
    """What is used is declared, what is declared is used, and a service gets no other's."""
    used = {
        secret if isinstance(secret, str) else secret["source"]
        for service in document["services"].values()
        for secret in service.get("secrets", [])
    }
    for secret in sorted(used ^ set(document["secrets"])):
        yield f"{secret} is declared or used, but not both"
    for name in SETTINGS:
        for secret in document["services"][name]["secrets"]:
            whose = secret["source"].partition("-")[2].partition("_")[0]
            if whose not in {name, "public"} and not (name == "portal" and secret["source"] == "actor"):
                yield f"{name}: {secret['source']} is not its own"


def by_images(document: Document) -> Iterator[str]:
    """Each image is one version."""
    for name, service in document["services"].items():
        if not PINNED.fullmatch(service["image"]):
            yield f"{name}: {service['image']} is not pinned"


def by_reach(document: Document) -> Iterator[str]:
    """Nothing but the door is reached from outside."""
    for name, service in document["services"].items():
        networks = set(service.get("networks", ["default"]))
        far = [port for port in service.get("ports", ()) if not str(port).startswith("127.0.0.1:")]
        if name != "door" and (far or (service.get("ports") and name not in REPORT)):
            yield f"{name} publishes ports"
        if name in REPORT and (networks != {"back", "reports"} or service.get("secrets")):
            yield f"{name} has no way out, or holds a secret beside it"
        for network in sorted(networks - ({"reports"} if name in REPORT else set())):
            if not (document["networks"].get(network) or {}).get("internal") and name != "door":
                yield f"{name} is on {network}, which is not internal"
        if service.get("network_mode") or service.get("privileged"):
            yield f"{name} leaves its confinement"
    door = document["services"]["door"]["networks"]
    if "back" in door:
        yield "the door reaches the servers"
    portal = document["services"]["portal"]
    if f"--forwarded-allow-ips {door['front']['ipv4_address']}" not in portal["command"]:
        yield "the portal does not believe the door's address, or believes another's"
    for name in SETTINGS:
        if name != "portal" and "--no-proxy-headers" not in document["services"][name]["command"]:
            yield f"{name} believes headers about addresses"


def by_confinement(document: Document) -> Iterator[str]:
    """No process is root, writes where it should not, or takes more than its share."""
    wanted = {"init": True, "read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
    for name, service in document["services"].items():
        for key, value in wanted.items():
            if service.get(key) != value:
                yield f"{name}: {key} is not {value}"
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", str(service.get("user", ""))):
            yield f"{name} may be root"
        for key in ("mem_limit", "cpus", "pids_limit", "restart", "logging"):
            if key not in service:
                yield f"{name} has no {key}"
        if service.get("cap_add"):
            yield f"{name} takes capabilities back"


def by_health(document: Document) -> Iterator[str]:
    """Everything that stays up is asked how it is."""
    for name, service in document["services"].items():
        test = service.get("healthcheck", {}).get("test")
        if not test and name not in ENDS:
            yield f"{name} is not asked how it is"
        if not test and name in ENDS and service["restart"] in ("always", "unless-stopped"):
            yield f"{name} would be started for ever"
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy" and not document["services"][other]["healthcheck"].get("test"):
                yield f"{name} waits for the health of {other}, which nobody asks for"


def by_names(document: Document) -> Iterator[str]:
    """Every host that a service is told to reach is a service here, on a network that both are on."""
    services = document["services"]
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if found := re.fullmatch(r"(?:http://)?([a-z]+):(\d+)", str(value)):
                other = services.get(found[1])
                if not other or not set(service["networks"]) & set(other["networks"]):
                    yield f"{name}: {variable} names {found[1]}, which it cannot reach"


def by_mounts(document: Document) -> Iterator[str]:
    """What is mounted is there, and read-only unless it is a volume."""
    for name, service in document["services"].items():
        for mount in service.get("volumes", []):
            source, _, rest = mount.partition(":")
            if source.startswith("."):
                if not (CHECKOUT / source).is_file():
                    yield f"{name}: {source} is not there"
                if not rest.endswith(":ro"):
                    yield f"{name}: {source} may be written"
            elif source not in document["volumes"]:
                yield f"{name}: {source} is no volume"


RULES: tuple[Callable[[Document], Iterator[str]], ...] = (
    by_schema,
    by_settings,
    by_secrecy,
    by_secrets,
    by_images,
    by_reach,
    by_confinement,
    by_health,
    by_names,
    by_mounts,
)


def complaints(document: Document) -> list[str]:
    """All of them."""
    return [complaint for rule in RULES for complaint in rule(document)]
