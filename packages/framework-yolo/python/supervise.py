"""Runs the training as a child process, so that the supervisor outlives it.

On a request to stop, the training exits at once, or after the checkpoint that it is writing, and strips the model
as at the end of a training (see checkpoints.py). If it cannot (it waits for a GPU, or consists of several
processes), a separate process strips the model afterwards. When the training fails, the supervisor reports what it
observed: a signal, the kernel's out-of-memory killer, or free disk space.

Argument: the JSON of launch.py, with {"launch": that program as text} in it.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

SET_CHILD_SUBREAPER = 36
TERMINATED = 128 + signal.SIGTERM
# Seconds for a training to stop, in addition to the checkpoint that it is writing.
STOPPING_SECONDS = 8.0
# Seconds for the other processes of a training (workers, ranks) to end after the first one.
DESCENDANTS_SECONDS = 10.0
# A second request means that the user does not want to wait; the same request sent twice does not count.
SECOND_REQUEST_SECONDS = 2.0
LITTLE_SPACE_BYTES = 1024**3


class StopRequested(Exception):
    """Raised by a request to stop while the supervisor is waiting."""


class Supervisor:
    def __init__(self, settings):
        self.launch = settings.pop("launch")
        self.settings = settings
        self.child = None
        self.stop_requested_at = None
        self.waiting = False
        self.earlier_kills = count_out_of_memory_kills()

    def run(self):
        signal.signal(signal.SIGTERM, self.handle_stop_request)
        adopt_orphans()
        child = self.start("train")
        try:
            self.waiting = True
            code = child.wait()
            self.waiting = False
        except StopRequested:
            code = self.wait_for_exit(child)
        if self.stop_requested_at is None:
            code = code if code >= 0 else 128 - code
            if code != 0:
                self.report_observations(code)
            return code
        if code == 0:
            return 0  # it had come to its own end
        wait_for_descendants()
        if code != TERMINATED:
            # The training did not strip the model. Only a second request stops this process.
            self.start("strip", ignores_stop=True).wait()
        return TERMINATED

    def start(self, task, ignores_stop=False):
        """Starts a process in a separate process group, so that all of its children can be stopped."""

        def prepare():
            # Not on macOS, where a job's processes are found by their group.
            if sys.platform.startswith("linux"):
                os.setpgid(0, 0)
            signal.signal(signal.SIGTERM, signal.SIG_IGN if ignores_stop else signal.SIG_DFL)

        if self.stop_requested_at is not None and not ignores_stop:
            sys.exit(TERMINATED)
        argument = json.dumps(dict(self.settings, process=task))
        self.child = subprocess.Popen([sys.executable, "-c", self.launch, argument], preexec_fn=prepare)
        if self.stop_requested_at is not None and not ignores_stop:
            self.send_signal_to_group(signal.SIGTERM)
        return self.child

    def wait_for_exit(self, child):
        stopping_since = time.monotonic()
        while child.poll() is None:
            if self.is_saving():
                stopping_since = time.monotonic()
            elif time.monotonic() - stopping_since > STOPPING_SECONDS:
                self.send_signal_to_group(signal.SIGKILL)
            time.sleep(0.05)
        return child.returncode

    def is_saving(self):
        try:
            return any(name.startswith(".saving-") for name in os.listdir(self.settings["scratch"]))
        except OSError:
            return False  # the folder is gone: nothing can be saved there

    def handle_stop_request(self, signal_number, frame):
        now = time.monotonic()
        if self.stop_requested_at is None:
            self.stop_requested_at = now
            self.send_signal_to_group(signal.SIGTERM)
            if self.waiting:
                self.waiting = False
                raise StopRequested
        elif now - self.stop_requested_at >= SECOND_REQUEST_SECONDS:
            self.send_signal_to_group(signal.SIGKILL)
            os._exit(TERMINATED)

    def send_signal_to_group(self, signal_number):
        if self.child is None or self.child.returncode is not None:
            return
        try:
            if sys.platform.startswith("linux"):
                os.killpg(self.child.pid, signal_number)
            else:
                self.child.send_signal(signal_number)
        except OSError:
            # The group does not exist yet, or has ended.
            try:
                os.kill(self.child.pid, signal_number)
            except OSError:
                pass

    def report_observations(self, code):
        observations = {}
        kills = count_out_of_memory_kills()
        if kills is not None and self.earlier_kills is not None and kills > self.earlier_kills:
            observations["outOfMemoryKills"] = kills - self.earlier_kills
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            observations["addressSpaceBytes"] = limit
        try:
            free = shutil.disk_usage(self.settings["scratch"]).free
            if free < LITTLE_SPACE_BYTES:
                observations["freeDiskBytes"] = free
        except OSError:
            pass  # the folder is gone
        if code > 128:
            observations["signal"] = code - 128
        if not observations:
            return
        try:
            print("unitrain: the training failed: " + json.dumps(observations), flush=True)
        except OSError:
            pass  # the disk of the log is full


def adopt_orphans():
    """Makes this process the parent of orphaned processes, so that it knows when the last one has ended."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass


def wait_for_descendants():
    deadline = time.monotonic() + DESCENDANTS_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.05)


def count_out_of_memory_kills():
    """Returns the number of out-of-memory kills in this process's control group; None if unknown."""
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            groups = dict(line.rstrip("\n").split(":", 2)[1:] for line in file)
    except (OSError, ValueError):
        return None
    paths = [
        "/sys/fs/cgroup" + groups.get("", "") + "/memory.events",
        "/sys/fs/cgroup/memory" + groups.get("memory", "") + "/memory.oom_control",
        # In a container, its own group appears as the root.
        "/sys/fs/cgroup/memory.events",
        "/sys/fs/cgroup/memory/memory.oom_control",
    ]
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                counts = dict(line.split() for line in file)
            return int(counts["oom_kill"])
        except (OSError, ValueError, KeyError):
            continue
    return None


sys.exit(Supervisor(json.loads(sys.argv[1])).run())
