"""Brings a Kafka to what `topics.yaml` says: compares first, then changes only what differs."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from confluent_kafka import KafkaException
from confluent_kafka import admin as _admin

from deploy.embedded.places import Trouble
from deploy.provision.access import Broker
from deploy.provision.topics import SERVICES, Right, Topic, service_rights

T = TypeVar("T")

kafka: Any = _admin  # its types contradict what it takes

PATIENCE = 30.0
ITERATIONS = 4096


class BrokerAdmin:
    """An administrator's calls in this project's words."""

    def __init__(self, broker: Broker, replicas: int = -1) -> None:
        self._client = kafka.AdminClient({**broker.for_librdkafka(), "log_level": 2, "client.id": "jpa-provision"})
        self._replicas = replicas  # -1: what the broker says itself

    def ensure(self, topics: Iterable[Topic], passwords: Mapping[str, str]) -> None:
        """Topics with their settings, and each service's user and rights."""
        self.ensure_topics(list(topics))
        for service in SERVICES:
            self.set_password(service, passwords[service])
        self.ensure_rights({service: service_rights(service) for service in SERVICES})

    def _until(self, seen: Callable[[], bool]) -> None:
        """The controller has it as soon as it answers; the broker, which the clients ask, a moment later."""
        deadline = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > deadline:
                raise Trouble("Kafka took a change but does not follow it: see ./jpa logs kafka.")
            time.sleep(0.02)

    def ensure_topics(self, topics: list[Topic]) -> None:
        """Make those that are missing; set retention and bounds where they differ."""
        there = self.topic_names()
        missing = [topic for topic in topics if topic.name not in there]
        if missing:
            made = [kafka.NewTopic(t.name, t.partitions, self._replicas, config=t.settings) for t in missing]
            _wait(self._client.create_topics(made, operation_timeout=PATIENCE))
            names = {topic.name for topic in missing}
            self._until(lambda: names <= self.topic_names())
        kept = [topic for topic in topics if topic.name in there]
        if not kept:
            return
        asked = {kafka.ConfigResource(kafka.ConfigResource.Type.TOPIC, topic.name): topic for topic in kept}
        said = {resource: future.result() for resource, future in self._client.describe_configs(list(asked)).items()}
        wrong = []
        for resource, topic in asked.items():
            differs = {key: value for key, value in topic.settings.items() if said[resource][key].value != value}
            if differs:
                entries = [
                    kafka.ConfigEntry(k, v, incremental_operation=kafka.AlterConfigOpType.SET) for k, v in differs.items()
                ]
                wrong.append(kafka.ConfigResource(resource.restype, topic.name, incremental_configs=entries))
        if wrong:
            _wait(self._client.incremental_alter_configs(wrong))

    def delete_topics(self, names: list[str]) -> None:
        """With all that is in them."""
        _wait(self._client.delete_topics(names, operation_timeout=PATIENCE))
        self._until(lambda: self.topic_names().isdisjoint(names))

    def topic_names(self) -> set[str]:
        """All that are there."""
        return set(_said(lambda: self._client.list_topics(timeout=PATIENCE)).topics)

    def partitions(self) -> dict[tuple[str, int], Any]:
        """Leader, copies and those up to date, of every partition."""
        found = _said(lambda: self._client.list_topics(timeout=PATIENCE)).topics
        return {(name, number): p for name, topic in found.items() for number, p in topic.partitions.items()}

    def setting(self, topic: str, name: str) -> str:
        """What holds for a topic, wherever it is set."""
        resource = kafka.ConfigResource(kafka.ConfigResource.Type.TOPIC, topic)
        found = _said(lambda: self._client.describe_configs([resource])[resource].result(PATIENCE))
        return str(found[name].value)

    def set_password(self, username: str, password: str) -> None:
        """Make the user, or give it this password."""
        how = kafka.ScramCredentialInfo(kafka.ScramMechanism.SCRAM_SHA_256, ITERATIONS)
        upsert = kafka.UserScramCredentialUpsertion(username, how, password.encode())
        _wait(self._client.alter_user_scram_credentials([upsert]))
        self._until(lambda: username in self.usernames())

    def usernames(self) -> set[str]:
        """All who have a password."""
        return set(_said(lambda: self._client.describe_user_scram_credentials().result(PATIENCE)))

    def ensure_rights(self, wanted: Mapping[str, set[Right]]) -> None:
        """Exactly these rights for these principals."""
        there = {right for right in self.rights() if right.principal in wanted}
        right_ones = {right for rights in wanted.values() for right in rights}
        if add := [_binding(right) for right in right_ones - there]:
            _wait(self._client.create_acls(add))
        self._take_away(there - right_ones)
        self._until(lambda: {right for right in self.rights() if right.principal in wanted} == right_ones)

    def rights(self) -> set[Right]:
        """Every right that anyone has."""
        anything = kafka.AclBindingFilter(
            kafka.ResourceType.ANY,
            None,
            kafka.ResourcePatternType.ANY,
            None,
            None,
            kafka.AclOperation.ANY,
            kafka.AclPermissionType.ANY,
        )
        found = _said(lambda: self._client.describe_acls(anything).result(PATIENCE))
        return {_right(binding) for binding in found}

    def revoke(self, username: str) -> None:
        """The rights first, then the credential: nothing can be read between the two.

        The credential is overwritten with one that nobody knows. Kafka 4.2 must not be asked to delete one: when it
        starts, ScramDelta.apply replays a deletion that comes first in its map by dropping every user's credential,
        the administrator's too.
        """
        self._take_away({right for right in self.rights() if right.principal == username})
        self.set_password(username, secrets.token_urlsafe(32))

    def _take_away(self, rights: set[Right]) -> None:
        if rights:
            _wait(self._client.delete_acls([_filter(right) for right in rights]))
            self._until(lambda: not rights & self.rights())


def _pattern(right: Right) -> Any:
    return kafka.ResourcePatternType.PREFIXED if right.prefixed else kafka.ResourcePatternType.LITERAL


def _words(right: Right) -> tuple[Any, ...]:
    kind = kafka.ResourceType.BROKER if right.kind == "CLUSTER" else kafka.ResourceType[right.kind]
    who = f"User:{right.principal}"
    return (
        kind,
        right.name,
        _pattern(right),
        who,
        "*",
        kafka.AclOperation[right.operation],
        kafka.AclPermissionType.ALLOW,
    )


def _binding(right: Right) -> Any:
    return kafka.AclBinding(*_words(right))


def _filter(right: Right) -> Any:
    return kafka.AclBindingFilter(*_words(right))


def _right(binding: Any) -> Right:
    kind: Any = "CLUSTER" if binding.restype == kafka.ResourceType.BROKER else binding.restype.name
    prefixed = binding.resource_pattern_type == kafka.ResourcePatternType.PREFIXED
    principal = binding.principal.removeprefix("User:")
    return Right(principal, binding.operation.name, kind, binding.name, prefixed)


def _wait(futures: Mapping[Any, "Future[Any]"]) -> None:
    for future in futures.values():
        _said(future.result)


def _said(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except KafkaException as error:
        reason = error.args[0].str() if error.args else str(error)
        raise Trouble(f"Kafka refused what an administrator must do: {reason}") from error
    except TimeoutError as error:
        raise Trouble("Kafka does not answer an administrator: see ./jpa logs kafka.") from error
