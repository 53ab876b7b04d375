"""System users for what need not run as root, and copies of programs where these can reach them."""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from deploy.embedded.places import Trouble, make_folder, software_folder


def other_than_root(name: str) -> pwd.struct_passwd | None:
    """The user that a server runs as where we are root, made when it is missing; None where we are not."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name)
    except KeyError:
        useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
        if not useradd:
            raise Trouble(f"Servers do not run as root: make a user named {name!r}.") from None
        words = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *words, name], check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(name)


def closed_to_others(path: Path) -> Path | None:
    """The folder that keeps another user from reaching a path, if one does. We open none that is not ours."""
    return next((parent for parent in path.resolve().parents if not parent.stat().st_mode & 0o001), None)


def give(path: Path, user: pwd.struct_passwd | None, whole: bool = True) -> None:
    """Make it that user's, and if `whole` all that is in it; nothing is done where it already is."""
    if not user or path.stat().st_uid == user.pw_uid:
        return
    for inner in path.rglob("*") if whole else ():
        os.chown(inner, user.pw_uid, user.pw_gid, follow_symlinks=False)
    os.chown(path, user.pw_uid, user.pw_gid)


@cache
def copied(name: str, parts: tuple[tuple[Path, Path], ...]) -> Path:
    """A folder that everybody can read, beside the software that is fetched once per machine: each part at its place."""
    copy = software_folder() / name
    if copy.exists():
        return copy
    make_folder(copy.parent)
    draft = copy.with_name(f"{name}.{os.getpid()}")
    for source, place in parts:
        shutil.copytree(source, draft / place, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 or path.parent.name == "bin" else 0o644)
    try:
        draft.rename(copy)
    except OSError:  # another one was quicker
        shutil.rmtree(draft)
    return copy


def as_words(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """As arguments of `subprocess.run`."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
