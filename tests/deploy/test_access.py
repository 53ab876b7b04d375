"""Addresses and credentials of the servers, as each who needs them gets them."""

from deploy.provision.access import Broker, Database

URL = "postgresql://admin:secret@db.example:5433/postgres?ssl=require"


def test_each_role_reaches_its_own_database_on_the_same_server():
    assert Database(URL).as_role("planner", "pw", "planner") == (
        "postgresql://planner:pw@db.example:5433/planner?ssl=require"
    )


def test_a_socket_in_the_query_stays():
    url = Database("postgresql://postgres:x@/postgres?host=/run/pg").for_sqlalchemy("planner", "pw", "planner")
    assert url == "postgresql+asyncpg://planner:pw@/planner?host=/run/pg"


def test_servers_that_the_environment_names_are_taken():
    named = {
        "DATABASE_URL": URL.replace("postgresql://", "postgresql+asyncpg://"),
        "KAFKA_BOOTSTRAP_SERVERS": "k:9092",
        "KAFKA_SASL_USERNAME": "admin",
        "KAFKA_SASL_PASSWORD": "pw",
    }
    assert Database.named(named) == Database(URL)
    broker = Broker.named(named)
    assert broker == Broker("k:9092", "admin", "pw")
    assert Broker.named({}) is None
    assert Database.named({}) is None


def test_a_service_gets_its_own_credential_and_not_the_administrators():
    settings = Broker("k:9092", "admin", "pw").as_user("planner", "own").environment()
    assert settings["KAFKA_SASL_USERNAME"] == "planner"
    assert "pw" not in settings.values()
