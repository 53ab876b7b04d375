"""Becomes another program that dies with its parent, as another user and in another network if these are named.

Run as `python -I -S leash.py SIGNAL UID:GID NETWORK PARENT PROGRAM ARGUMENT…`, with `-` for what stays; a program
of its own because code between fork and exec must not run in a process that has threads.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWNET = 0x40000000


def main() -> None:
    """Take the leash, then become the program."""
    last_word, user, network, parent, *command = sys.argv[1:]
    if network != "-":
        with Path("/run/netns", network).open() as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                sys.exit(f"no way into the network {network}: {os.strerror(ctypes.get_errno())}")
    if user != "-":
        uid, gid = map(int, user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # elsewhere the next `up` finds and stops what was left behind
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.Signals[last_word].value)
        if os.getppid() != int(parent):
            sys.exit("the supervisor is gone")
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
