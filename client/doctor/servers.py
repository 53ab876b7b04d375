"""Whether Kafka and PostgreSQL answer, and whether Kafka has every topic as `topics.yaml` says."""

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import Any

from client.doctor.finding import NOW, SOON, Checks, counted, lasting
from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from deploy.provision import topics
from deploy.provision.access import Broker, Database

PATIENCE = 5.0
CLOCK_SECONDS = 2.0
BROKERS = ("kafka", "kafka.1", "kafka.2", "kafka.3")
SILENT = ("_TRANSPORT", "_TIMED_OUT", "_ALL_BROKERS_DOWN", "REQUEST_TIMED_OUT")


@dataclass
class Reached:
    """Which of the two answered."""

    broker: bool = False
    database: bool = False


def look(home: Home, checks: Checks) -> Reached:
    """Ask both, the database first: most else waits for it."""
    try:
        servers = Servers.installed(home)
    except Trouble as trouble:
        checks.that(False, NOW, "supervisor", str(trouble), "./jpa up")
        return Reached()
    surroundings = servers.surroundings
    reached = Reached(database=asyncio.run(_database(surroundings.database, checks)))
    reached.broker = _broker(surroundings.broker, checks)
    return reached


async def _database(database: Database, checks: Checks) -> bool:
    import asyncpg

    try:
        connection = await asyncpg.connect(database.url, timeout=PATIENCE)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        why = f"PostgreSQL does not answer ({type(error).__name__})."
        do = "./jpa logs postgres; officers read 503 until it is back."
        return checks.that(False, NOW, "postgres", why, do, because=("postgres",))
    checks.that(True, NOW, "postgres", "", "")
    try:
        before = time.time()
        theirs = float(await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())"))
        apart = theirs - (before + time.time()) / 2
        way = "ahead of" if apart > 0 else "behind"
        what = f"The database's clock is {lasting(abs(apart))} {way} this machine's."
        checks.that(abs(apart) < CLOCK_SECONDS, SOON, "clock", what, "Set both by the same time server (NTP).")
        used, limit = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
            "current_setting('max_connections')::int"
        )
        what = f"{used} of {limit} connections to PostgreSQL are in use."
        checks.that(used < 0.9 * limit, SOON, "postgres", what, "See who holds them: SELECT * FROM pg_stat_activity.")
    finally:
        await connection.close()
    return True


def _broker(broker: Broker, checks: Checks) -> bool:
    do = "./jpa logs kafka; posting works meanwhile, and others see it when it is back."
    if not checks.that(_listens(broker), NOW, "kafka", "Kafka does not answer.", do, because=BROKERS):
        return False
    from confluent_kafka import KafkaException
    from confluent_kafka import admin as _admin

    kafka: Any = _admin
    asked = kafka.AdminClient({**broker.for_librdkafka(), "log_level": 0, "client.id": "jpa-doctor"})
    try:
        there = asked.list_topics(timeout=PATIENCE).topics
        wanted = topics.topics(topics.party_codes())
        present = [topic for topic in wanted if topic.name in there]
        _topics(wanted, there, checks)
        resources = {kafka.ConfigResource(kafka.ConfigResource.Type.TOPIC, topic.name): topic for topic in present}
        answers = asked.describe_configs(list(resources), request_timeout=PATIENCE)
        said = {resources[resource].name: future.result() for resource, future in answers.items()}
        _settings(present, said, checks)
        _clock(asked, [topic.name for topic in present if not topic.name.startswith(("feed.", "replay."))], checks)
    except KafkaException as error:
        why = error.args[0].name() if error.args else "no reason"
        what = f"Kafka does not answer ({why})." if why in SILENT else f"Kafka answers no administrator ({why})."
        return checks.that(False, NOW, "kafka", what, do, because=BROKERS)
    return True


def _listens(broker: Broker) -> bool:
    for server in broker.bootstrap_servers.split(","):
        host, _, port = server.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=PATIENCE):
                return True
        except (OSError, ValueError):
            continue
    return False


def _topics(wanted: list[topics.Topic], there: Any, checks: Checks) -> None:
    missing = [topic.name for topic in wanted if topic.name not in there]
    do = "Delete the mark kafka/provisioned below JPA_HOME; ./jpa down and ./jpa up then make what differs."
    checks.that(not missing, NOW, "kafka", f"Kafka lacks {counted(len(missing), 'topic')}: {_some(missing)}.", do)
    cut = [topic.name for topic in wanted if topic.name in there and len(there[topic.name].partitions) != topic.partitions]
    what = f"Topics have another number of partitions than topics.yaml says: {_some(cut)}."
    checks.that(not cut, NOW, "kafka", what, "Order within an aggregate may be broken. Restore topics.yaml as it was.")
    partitions = [(name, part) for name, topic in there.items() for part in topic.partitions.values()]
    dead = [f"{name}/{part.id}" for name, part in partitions if part.leader < 0]
    what = f"Nobody leads {counted(len(dead), 'partition')}: {_some(dead)}."
    checks.that(not dead, NOW, "kafka", what, "./jpa logs kafka")
    thin = [f"{name}/{part.id}" for name, part in partitions if len(part.isrs) < len(part.replicas)]
    what = f"Fewer copies than there should be, of {counted(len(thin), 'partition')}: {_some(thin)}."
    checks.that(not thin, SOON, "kafka", what, "A broker is away or catches up: ./jpa status")


def _settings(present: list[topics.Topic], said: dict[str, Any], checks: Checks) -> None:
    wrong = [
        f"{topic.name} ({key})"
        for topic in present
        for key, value in topic.settings.items()
        if said[topic.name][key].value != value
    ]
    do = "Delete the mark kafka/provisioned below JPA_HOME; ./jpa down and ./jpa up then make what differs."
    checks.that(not wrong, SOON, "kafka", f"Topics are not set as topics.yaml says: {_some(wrong)}.", do)


def _clock(asked: Any, names: list[str], checks: Checks) -> None:
    """Kafka tells no time, but it dates what it takes in: nothing may be dated later than now."""
    from confluent_kafka import TopicPartition
    from confluent_kafka import admin as _admin

    kafka: Any = _admin
    newest = {TopicPartition(name, 0): kafka.OffsetSpec.max_timestamp() for name in names}
    dated = [future.result().timestamp / 1000 for future in asked.list_offsets(newest, request_timeout=PATIENCE).values()]
    ahead = max(dated, default=0.0) - time.time()
    what = f"Kafka's clock is, or was, {lasting(ahead)} ahead of this machine's."
    checks.that(ahead < CLOCK_SECONDS, SOON, "clock", what, "Set both by the same time server (NTP).")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
