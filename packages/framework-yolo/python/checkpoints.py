"""Checkpoints are whole at every moment, whenever a training is ended, and hold the arguments as their user wrote them.

A module in each process of a training. UNITRAIN_CHECKPOINTS: JSON {"scratch": folder for what is not whole yet,
"output": folder, "reported": the user's own values by argument, "files": {path on this machine: how the user names it}}.
"""

import contextlib
import functools
import json
import os
import pathlib
import signal
import sys
import threading

SETTINGS = json.loads(os.environ["UNITRAIN_CHECKPOINTS"])


def apply():
    """After Ultralytics has put its own `torch.save` in place: this one goes around it."""
    import torch
    from ultralytics.engine.trainer import BaseTrainer
    from ultralytics.utils.callbacks.base import default_callbacks

    if getattr(torch.save, "makes_whole_files", False):
        return
    torch.save = saving_whole_files(torch.save)
    pathlib.Path.write_bytes = writing_whole_checkpoints(pathlib.Path.write_bytes)
    BaseTrainer.save_model = uninterrupted(BaseTrainer.save_model)
    default_callbacks["on_pretrain_routine_start"].append(write_arguments)
    default_callbacks["on_train_start"].append(end_when_told)


def saving_whole_files(save):
    @functools.wraps(save)
    def torch_save(obj, f, *rest, **more):
        with with_reported_arguments(obj):
            if not isinstance(f, (str, os.PathLike)):
                return save(obj, f, *rest, **more)
            return write_whole(f, lambda path: save(obj, path, *rest, **more))

    torch_save.makes_whole_files = True
    return torch_save


def writing_whole_checkpoints(write_bytes):
    @functools.wraps(write_bytes)
    def write_checkpoint(self, data):
        if self.suffix != ".pt":
            return write_bytes(self, data)
        return write_whole(self, lambda path: write_bytes(pathlib.Path(path), data))

    return write_checkpoint


def write_whole(path, write):
    """Under its own name stands the old file or the new one, also for whoever is killed in between or finds the disk full."""
    path = os.path.realpath(os.fspath(path))
    folder = staging_folder(path)
    # By the same name: torch writes it into the file.
    staged = os.path.join(folder, os.path.basename(path))
    try:
        result = write(staged)
        os.replace(staged, path)
        return result
    except BaseException:
        tell_if_full(folder)
        with contextlib.suppress(OSError):
            os.remove(staged)
        raise
    finally:
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def staging_folder(path):
    """In the scratch folder, where nobody takes it for a model; beside the file where only that is on the same disk."""
    home = os.path.dirname(path)
    name = ".saving-%d" % os.getpid()
    folder = os.path.join(SETTINGS["scratch"], name)
    os.makedirs(folder, exist_ok=True)
    if os.stat(folder).st_dev == os.stat(home).st_dev:
        return folder
    os.rmdir(folder)
    folder = os.path.join(home, name)
    os.makedirs(folder, exist_ok=True)
    return folder


def tell_if_full(folder):
    """While the piece that did not fit is still there; torch says only that a write failed."""
    with contextlib.suppress(OSError, AttributeError):
        found = os.statvfs(folder)
        if found.f_bavail * found.f_frsize < 16 * 1024 * 1024 or (found.f_files and not found.f_favail):
            print("unitrain: No space left on device: a checkpoint could not be written", flush=True)


@contextlib.contextmanager
def with_reported_arguments(obj):
    """Puts the user's values where Ultralytics keeps those that the training has, as long as it is being saved.

    In place: some versions keep the same arguments in the loss as well.
    """
    if not (isinstance(obj, dict) and isinstance(obj.get("train_args"), dict) and "epoch" in obj):
        yield
        return
    before = [replace_values(obj["train_args"], SETTINGS["reported"])]
    for name in ("model", "ema"):
        model = obj.get(name)
        arguments = getattr(model, "args", None)
        if arguments is not None:
            values = arguments if isinstance(arguments, dict) else vars(arguments)
            before.append(replace_values(values, SETTINGS["reported"]))
        structure = getattr(model, "yaml", None)
        if isinstance(structure, dict) and structure.get("yaml_file") in SETTINGS["files"]:
            before.append(replace_values(structure, {"yaml_file": SETTINGS["files"][structure["yaml_file"]]}))
    try:
        yield
    finally:
        for values, replaced in reversed(before):
            values.update(replaced)


def replace_values(values, wanted):
    """Only what is there already: versions differ in what they keep."""
    replaced = {name: values[name] for name in wanted if name in values}
    values.update({name: wanted[name] for name in replaced})
    return values, replaced


def write_arguments(trainer):
    """`args.yaml`, which Ultralytics has just written."""
    try:
        import yaml

        path = os.path.join(str(trainer.save_dir), "args.yaml")
        with open(path, encoding="utf-8") as file:
            arguments = yaml.safe_load(file)
        replace_values(arguments, SETTINGS["reported"])
        text = yaml.safe_dump(arguments, sort_keys=False, allow_unicode=True)
        write_whole(path, lambda staged: pathlib.Path(staged).write_text(text, encoding="utf-8"))
    except Exception as error:  # nothing that ends a training
        print("unitrain: args.yaml keeps the machine's own paths: %s" % error, file=sys.stderr, flush=True)


def uninterrupted(save_model):
    """A request to end waits for the checkpoint; a worker that it has ended must not break it off either."""

    @functools.wraps(save_model)
    def save_whole_model(*given, **more):
        if threading.current_thread() is not threading.main_thread():
            return save_model(*given, **more)
        came = []
        before = {}
        for number in (signal.SIGTERM, signal.SIGCHLD):
            if signal.getsignal(number) is not None:
                before[number] = signal.signal(number, lambda number, frame: came.append(number))
        try:
            return save_model(*given, **more)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            # In this order: whoever is to end does not look at its workers any more.
            for number in (signal.SIGTERM, signal.SIGCHLD):
                if number in came and before[number] != signal.SIG_IGN:
                    os.kill(os.getpid(), number)

    return save_whole_model


def end_when_told(trainer):
    """Once there may be a model. Not where there are several processes: one that waits for the others would not hear it."""
    if "RANK" not in os.environ and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, strip_and_end)


def strip_and_end(number, frame):
    """In the middle of whatever the training does, which does not go on. Where it fails, the supervisor sees to the model."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Its workers are told to end as well: of no concern any more.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    code = 1
    try:
        import torch

        with torch.inference_mode(False):
            strip(SETTINGS["output"])
        code = 128 + signal.SIGTERM
        if "unitrain_code" in sys.modules:
            sys.modules["unitrain_code"].tell_unused()
    finally:
        # Not sys.exit: whatever this came in the middle of could catch it.
        os._exit(code)


def strip(output):
    """What a training does to its model at the end. `last.pt` stays as it is: the training can go on from it."""
    from ultralytics.utils.torch_utils import strip_optimizer

    best = os.path.join(output, "weights", "best.pt")
    if os.path.isfile(best):
        strip_optimizer(best)
