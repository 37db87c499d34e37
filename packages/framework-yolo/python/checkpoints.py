"""Keeps checkpoints complete at any time, and writes the user's own arguments into them.

Runs in each process of a training. UNITRAIN_CHECKPOINTS: JSON {"scratch": folder for incomplete files, "output":
folder, "reported": the user's values by argument, "files": {path on this machine: path on the user's computer}}.
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
    """Wraps `torch.save`, after Ultralytics has replaced it by its own."""
    import torch
    from ultralytics.engine.trainer import BaseTrainer
    from ultralytics.utils.callbacks.base import default_callbacks

    if getattr(torch.save, "saves_atomically", False):
        return
    torch.save = save_atomically(torch.save)
    pathlib.Path.write_bytes = write_checkpoints_atomically(pathlib.Path.write_bytes)
    BaseTrainer.save_model = delay_signals(BaseTrainer.save_model)
    default_callbacks["on_pretrain_routine_start"].append(write_arguments)
    default_callbacks["on_train_start"].append(install_stop_handler)


def save_atomically(save):
    @functools.wraps(save)
    def torch_save(obj, f, *arguments, **options):
        with with_reported_arguments(obj):
            if not isinstance(f, (str, os.PathLike)):
                return save(obj, f, *arguments, **options)
            return replace_file(f, lambda path: save(obj, path, *arguments, **options))

    torch_save.saves_atomically = True
    return torch_save


def write_checkpoints_atomically(write_bytes):
    @functools.wraps(write_bytes)
    def write_checkpoint(self, data):
        if self.suffix != ".pt":
            return write_bytes(self, data)
        return replace_file(self, lambda path: write_bytes(pathlib.Path(path), data))

    return write_checkpoint


def replace_file(path, write):
    """Replaces a file atomically, so that its path always has the old or the new content, even if the process is
    killed or the disk is full.
    """
    path = os.path.realpath(os.fspath(path))
    folder = make_temporary_folder(path)
    # The same file name, because torch stores it in the file.
    temporary = os.path.join(folder, os.path.basename(path))
    try:
        result = write(temporary)
        os.replace(temporary, path)
        return result
    except BaseException:
        report_full_disk(folder)
        with contextlib.suppress(OSError):
            os.remove(temporary)
        raise
    finally:
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def make_temporary_folder(path):
    """Returns a folder for the temporary file: the scratch folder, where it is not mistaken for a model, or the file's
    own folder if the scratch folder is on another disk.
    """
    parent = os.path.dirname(path)
    name = ".saving-%d" % os.getpid()
    folder = os.path.join(SETTINGS["scratch"], name)
    os.makedirs(folder, exist_ok=True)
    if os.stat(folder).st_dev == os.stat(parent).st_dev:
        return folder
    os.rmdir(folder)
    folder = os.path.join(parent, name)
    os.makedirs(folder, exist_ok=True)
    return folder


def report_full_disk(folder):
    """Reports a full disk while the partial file still exists, because torch only reports that a write failed."""
    with contextlib.suppress(OSError, AttributeError):
        usage = os.statvfs(folder)
        if usage.f_bavail * usage.f_frsize < 16 * 1024 * 1024 or (usage.f_files and not usage.f_favail):
            print("unitrain: No space left on device: a checkpoint could not be written", flush=True)


@contextlib.contextmanager
def with_reported_arguments(obj):
    """Replaces the training's arguments by the user's values while a checkpoint is saved, and removes what Ultralytics
    stores about a git repository around it: the address of a remote may contain a token.

    Changes them in place, because some versions share the same object with the loss.
    """
    if not (isinstance(obj, dict) and isinstance(obj.get("train_args"), dict) and "epoch" in obj):
        yield
        return
    previous = [replace_values(obj["train_args"], SETTINGS["reported"])]
    if isinstance(obj.get("git"), dict):
        previous.append(replace_values(obj["git"], dict.fromkeys(obj["git"])))
    for name in ("model", "ema"):
        model = obj.get(name)
        arguments = getattr(model, "args", None)
        if arguments is not None:
            values = arguments if isinstance(arguments, dict) else vars(arguments)
            previous.append(replace_values(values, SETTINGS["reported"]))
        structure = getattr(model, "yaml", None)
        if isinstance(structure, dict) and structure.get("yaml_file") in SETTINGS["files"]:
            previous.append(replace_values(structure, {"yaml_file": SETTINGS["files"][structure["yaml_file"]]}))
    try:
        yield
    finally:
        for values, replaced in reversed(previous):
            values.update(replaced)


def replace_values(values, replacements):
    """Replaces existing keys only, because versions differ in what they store."""
    replaced = {name: values[name] for name in replacements if name in values}
    values.update({name: replacements[name] for name in replaced})
    return values, replaced


def write_arguments(trainer):
    """Rewrites `args.yaml`, which Ultralytics has just written, with the user's values."""
    try:
        import yaml

        path = os.path.join(str(trainer.save_dir), "args.yaml")
        with open(path, encoding="utf-8") as file:
            arguments = yaml.safe_load(file)
        replace_values(arguments, SETTINGS["reported"])
        text = yaml.safe_dump(arguments, sort_keys=False, allow_unicode=True)
        replace_file(path, lambda temporary: pathlib.Path(temporary).write_text(text, encoding="utf-8"))
    except Exception as error:  # nothing that ends a training
        print("unitrain: args.yaml keeps the machine's own paths: %s" % error, file=sys.stderr, flush=True)


def delay_signals(save_model):
    """Delays a request to stop until the checkpoint is saved. The exit of a worker must not interrupt saving either."""

    @functools.wraps(save_model)
    def save_model_uninterrupted(*arguments, **options):
        if threading.current_thread() is not threading.main_thread():
            return save_model(*arguments, **options)
        received = []
        previous = {}
        for signal_number in (signal.SIGTERM, signal.SIGCHLD):
            if signal.getsignal(signal_number) is not None:
                previous[signal_number] = signal.signal(signal_number, lambda number, _frame: received.append(number))
        try:
            return save_model(*arguments, **options)
        finally:
            for signal_number, handler in previous.items():
                signal.signal(signal_number, handler)
            # In this order, because a stopping training no longer watches its workers.
            for signal_number in (signal.SIGTERM, signal.SIGCHLD):
                if signal_number in received and previous[signal_number] != signal.SIG_IGN:
                    os.kill(os.getpid(), signal_number)

    return save_model_uninterrupted


def install_stop_handler(trainer):
    """Handles a request to stop as soon as a model may exist. Does nothing with several processes, because one that
    waits for the others would not receive the signal.
    """
    if "RANK" not in os.environ and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, strip_and_exit)


def strip_and_exit(signal_number, frame):
    """Strips the model and exits, interrupting the training at any point. If this fails, the supervisor strips the
    model.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Its workers are stopped too, so their exit no longer matters.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    code = 1
    try:
        import torch

        with torch.inference_mode(False):
            strip(SETTINGS["output"])
        code = 128 + signal.SIGTERM
        if "unitrain_code" in sys.modules:
            sys.modules["unitrain_code"].report_unused()
    finally:
        # Not sys.exit, because the interrupted code could catch it.
        os._exit(code)


def strip(output):
    """Strips the model, as Ultralytics does at the end of a training. Keeps `last.pt`, so that the training can be
    continued.
    """
    from ultralytics.utils.torch_utils import strip_optimizer

    best = os.path.join(output, "weights", "best.pt")
    if os.path.isfile(best):
        strip_optimizer(best)
