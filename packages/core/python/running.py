"""Runs the programs that install an environment; part 1 of 4, which are sent to the machine as one program. The last part is the
framework's own and says what is installed.

Argument: JSON with at least {"folder", "reason": text or null, "leastBytes": int}. Runs on Python 3.6 or newer. Running it twice at
the same time is safe; an incomplete folder is installed again. On failure, its last line is the cause.
"""

import fcntl
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time

SETTINGS = json.loads(sys.argv[1])
FOLDER = SETTINGS["folder"]
PARENT = os.path.dirname(FOLDER)
PYTHON = os.path.join(FOLDER, "bin", "python")
MARKER = os.path.join(FOLDER, ".unitrain-complete")
TOOLS = os.path.join(PARENT, "tools-uv")
LOCK_SECONDS = 3600
# After apt, the system's Python may be the one with venv and pip, so the last one is used.
BASE_PYTHONS = [sys.executable]


class Failure(Exception):
    def __init__(self, code, detail):
        Exception.__init__(self, detail)
        self.code = code


def run(command, show=True, seconds=3600, extra_variables=None):
    """Runs a command and returns its exit code and output. Prints the output as it arrives, so that the user sees
    progress.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=PARENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(get_variables(), **(extra_variables or {})),
        )
    except OSError as error:
        return 127, str(error)
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    lines = []
    for line in iter(process.stdout.readline, b""):
        text = line.decode("utf-8", "replace")
        lines.append(text)
        if show:
            sys.stdout.write(text)
            sys.stdout.flush()
    code = process.wait()
    timer.cancel()
    return code, "".join(lines[-400:])


def stop_if_hopeless(output):
    """Raises failures that no other installation method can avoid."""
    code, detail = find_failure(output)
    if code != "install-failed":
        raise Failure(code, detail)


CERTIFICATES = r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|certificate verify failed"

PATTERNS = [
    ("disk-full", r"No space left on device|os error 28\b|Disk quota exceeded|os error 122\b"),
    # Before "no-network", because uv and pip report both as an error in sending a request.
    ("untrusted-certificate", CERTIFICATES),
    (
        "no-network",
        r"error sending request|dns error|failed to lookup address|Connection refused|Connection reset|NewConnectionError"
        r"|Network is unreachable|No route to host|Temporary failure in name resolution|Name or service not known"
        r"|nodename nor servname|timed out|Max retries exceeded|client error \(Connect\)|ConnectTimeout|ProxyError"
        r"|Tunnel connection failed|network was disabled",
    ),
    ("no-git", r"Git executable not found|Cannot find command 'git'|git: command not found"),
    ("no-repository", r"fatal: (?:unable|could not|couldn't|repository|Authentication)"),
    ("no-repository", r"(?i)repository not found|failed to fetch|Git operation failed|git clone .* did not run"),
    ("no-such-package", r"was not found in the package registry|[Nn]o version of|No matching distribution found for"),
    ("packages-conflict", r"requirements are unsatisfiable|ResolutionImpossible"),
]


def find_failure(output):
    for code, pattern in PATTERNS:
        for line in reversed(output.splitlines()):
            if re.search(pattern, line):
                return code, re.sub(r"^\W*(?:error|cause|fatal): ", "", line.strip())[:400]
    return "install-failed", last_line(output)


def last_line(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:400] if lines else "no output"


def fail(code, detail):
    print("unitrain-environment-error: " + json.dumps({"code": code, "detail": detail}), flush=True)
    return 1
