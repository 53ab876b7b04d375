"""How a process reaches Kafka: the one place where credentials become client arguments."""

import ssl
from typing import Any

from faststream.security import BaseSecurity, SASLScram256, SASLScram512

from shared.runtime.settings import ServiceSettings


def client_arguments(settings: ServiceSettings) -> dict[str, Any]:
    """Arguments for an aiokafka client."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap_servers,
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        arguments |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": settings.kafka_sasl_password.get_secret_value(),
        }
    if settings.kafka_security_protocol.endswith("SSL"):
        arguments["ssl_context"] = ssl.create_default_context()
    return arguments


def security(settings: ServiceSettings) -> BaseSecurity:
    """The same, as FastStream takes it."""
    protocol = settings.kafka_security_protocol
    context = ssl.create_default_context() if protocol.endswith("SSL") else None
    if not protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context)
    scram = SASLScram512 if settings.kafka_sasl_mechanism.endswith("512") else SASLScram256
    return scram(
        username=settings.kafka_sasl_username,
        password=settings.kafka_sasl_password.get_secret_value(),
        use_ssl=context is not None,
        ssl_context=context,
    )
