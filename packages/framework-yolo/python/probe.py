"""Tests whether this Python can train with Ultralytics. Prints one line of JSON, or the failure as its last line.

Argument: JSON {"version": text or null, "oldest": "8.0.140", "gpu": bool, "devices": [int], empty for all}. Exit
codes: 0 works, 3 no GPU is visible (yet), 1 does not work.
"""

import atexit
import contextlib
import importlib.metadata
import importlib.util
import io
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
import warnings


PREFIX = "unitrain-probe-"


def main():
    expected = json.loads(sys.argv[1])
    use_temporary_settings()
    for module in ("ultralytics", "torch"):
        if importlib.util.find_spec(module) is None:
            return fail("not-installed", sys.executable + " has no " + module)
    # Checked before importing torch, which takes seconds.
    problem = find_version_problem(expected, get_installed_version())
    if problem:
        return fail("other-version", problem)
    try:
        facts = run_quietly(collect_facts)
    except Exception as error:  # an import can fail with anything: a missing library, a broken package
        return fail("import-failed", type(error).__name__ + ": " + str(error))
    problem = find_version_problem(expected, facts["ultralytics"])
    if problem:
        return fail("other-version", problem)
    if expected["gpu"]:
        problem = find_gpu_problem(facts, expected["devices"])
        if problem:
            return fail_with_gpu(problem)
    print(json.dumps(facts))
    return 0


def get_installed_version():
    """Returns the installed version; None for a checkout of the sources."""
    try:
        return importlib.metadata.version("ultralytics")
    except importlib.metadata.PackageNotFoundError:
        return None


def find_version_problem(expected, version):
    if version and (parse_version(version) < parse_version(expected["oldest"]) or (expected["version"] or version) != version):
        return sys.executable + " has Ultralytics " + version
    return None


def use_temporary_settings():
    """Redirects the settings of Ultralytics and matplotlib, so that the user's own are neither read nor written."""
    remove_stale_folders()
    folder = tempfile.mkdtemp(prefix=PREFIX)
    # Registered first so that it runs last, because both packages also write at exit.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # A probe that takes too long receives SIGTERM. Without a handler, nothing would be removed.
    for handled_signal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(handled_signal, lambda signal_number, _frame: sys.exit(128 + signal_number))
    os.environ.update(YOLO_CONFIG_DIR=folder, MPLCONFIGDIR=folder, YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false")


def remove_stale_folders():
    """Removes folders of a probe that was killed or crashed."""
    entries = []
    with contextlib.suppress(OSError):
        entries = list(os.scandir(tempfile.gettempdir()))
    for entry in entries:
        try:
            status = entry.stat(follow_symlinks=False)
            is_ours = entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False) and status.st_uid == os.getuid()
            if is_ours and time.time() - status.st_mtime > 3600:
                shutil.rmtree(entry.path, ignore_errors=True)
        except OSError:
            pass


def collect_facts():
    """Imports everything."""
    import torch
    import torchvision
    import ultralytics
    from ultralytics import YOLO  # brings in the models and OpenCV

    assert YOLO
    return {
        "python": sys.executable,
        "pythonVersion": platform.python_version(),
        "ultralytics": ultralytics.__version__,
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "torchCuda": torch.version.cuda,
        "cuda": torch.cuda.is_available(),
        "devices": torch.cuda.device_count(),
        "names": [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())],
    }


# Failures that waiting cannot fix, and the one that NVSwitch machines report for minutes after boot (dstack#2348).
GPU_FAULTS = [
    ("driver-too-old", ("too old", "driver version is insufficient"), 1),
    ("no-kernels", ("no kernel image", "not compatible with the current PyTorch"), 1),
    ("gpu-not-ready", ("802", "system not yet initialized"), 3),
]


def fail_with_gpu(problem):
    for code, phrases, exit_code in GPU_FAULTS:
        if any(phrase in problem for phrase in phrases):
            fail(code, problem)
            return exit_code
    fail("gpu-unseen", problem)
    return 3


def find_gpu_problem(facts, devices):
    """Tests each GPU with a computation. A machine may list GPUs long before they work, and torch may have no kernels
    for them.
    """
    import torch

    if not facts["cuda"] or not facts["devices"]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                torch.cuda.init()
            except Exception as error:
                return describe_torch(facts) + " sees no GPU: " + first_line(error)
        reason = first_line(caught[-1].message) if caught else "no reason given"
        return describe_torch(facts) + " sees no GPU: " + reason
    for index in devices or range(facts["devices"]):
        try:
            convolution = torch.nn.Conv2d(3, 8, 3).to(index)
            convolution(torch.randn(1, 3, 32, 32, device=index)).sum().backward()
            torch.cuda.synchronize(index)
        except Exception as error:
            return describe_torch(facts) + " cannot compute on GPU " + str(index) + ": " + first_line(error)
    return None


def describe_torch(facts):
    return "torch " + facts["torch"]


def first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def run_quietly(function):
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function()


def parse_version(version):
    return [int(part) for part in version.split(".")[:3] if part.isdigit()]


def fail(code, detail):
    print("unitrain-environment-error: " + json.dumps({"code": code, "detail": detail}))
    return 1


sys.exit(main())
