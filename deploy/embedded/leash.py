"""Becomes another program that dies with its parent, as another user if one is named.

Run as `python -I -S leash.py SIGNAL UID:GID PARENT PROGRAM ARGUMENT…`; a program of its own because code
between fork and exec must not run in a process that has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take the leash, then become the program."""
    last_word, user, parent, *command = sys.argv[1:]
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
