"""Makes the secrets of a compose installation, once: the same files as `./jpa up` makes, and the addresses that hold one.

Containers read them as files. An engine mounts them with the owner and the mode that they have here, and each process is
another user there: they belong to root and to a group that every container is in, and nobody else reads them.
"""

import os
from pathlib import Path

from deploy.embedded import credentials
from deploy.embedded.places import Home, Trouble
from deploy.provision.access import Database
from deploy.provision.database import ROLES
from deploy.provision.topics import SERVICES

GROUP = 10001  # `group_add` in docker-compose.yml, and the image's own user
SERVER = "postgres:5432"  # as containers name it


def make(folder: Path, group: int = GROUP) -> list[str]:
    """Make what is missing below `folder`; what is there stays as it is. Returns the names."""
    if os.geteuid() != 0 and group != os.getegid():
        raise Trouble("Containers read the secrets as a group that only root may give them to: run it with sudo.")
    home = Home(folder)
    home.secrets.mkdir(mode=0o750, parents=True, exist_ok=True)
    for name in ("kafka-admin", "postgres-admin", *(f"kafka-{service}" for service in SERVICES)):
        credentials.password(home, name)
    passwords = {role: credentials.password(home, f"database-{role}") for role in ROLES}
    admin = Database(f"postgresql://postgres:{credentials.password(home, 'postgres-admin')}@{SERVER}/postgres")
    _once(home, "url-postgres.txt", admin.url)
    for role, word in passwords.items():
        _once(home, f"url-{role}.txt", admin.for_sqlalchemy(role, word, role if role in SERVICES else "portal"))
    for key in ("actor", *(f"seal-{service}" for service in SERVICES)):
        credentials.public_keys(home, key)
    credentials.target_key(home)
    made = sorted(home.secrets.iterdir())
    for path in (home.secrets, *made, *(folder / "tls").glob("*.pem")):  # the certificate is the operator's own
        os.chown(path, -1, group)
        path.chmod(0o750 if path.is_dir() else 0o640)
    return [path.name for path in made]


def _once(home: Home, name: str, text: str) -> None:
    if not (home.secrets / name).exists():
        credentials.write_secret(home.secrets / name, text)
