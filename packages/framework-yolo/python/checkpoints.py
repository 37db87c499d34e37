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
    """Replaces a file atomically, so that its path always has the old or the new content, even if the process is
    killed or the disk is full.
    """
    path = os.path.realpath(os.fspath(path))
    folder = staging_folder(path)
    # The same file name, because torch stores it in the file.
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
    """Returns a folder for the temporary file: the scratch folder, where it is not mistaken for a model, or the file's
    own folder if the scratch folder is on another disk.
    """
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
    """Reports a full disk while the partial file still exists, because torch only reports that a write failed."""
    with contextlib.suppress(OSError, AttributeError):
        found = os.statvfs(folder)
        if found.f_bavail * found.f_frsize < 16 * 1024 * 1024 or (found.f_files and not found.f_favail):
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
    before = [replace_values(obj["train_args"], SETTINGS["reported"])]
    if isinstance(obj.get("git"), dict):
        before.append(replace_values(obj["git"], dict.fromkeys(obj["git"])))
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
    """Replaces existing keys only, because versions differ in what they store."""
    replaced = {name: values[name] for name in wanted if name in values}
    values.update({name: wanted[name] for name in replaced})
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
        write_whole(path, lambda staged: pathlib.Path(staged).write_text(text, encoding="utf-8"))
    except Exception as error:  # nothing that ends a training
        print("unitrain: args.yaml keeps the machine's own paths: %s" % error, file=sys.stderr, flush=True)


def uninterrupted(save_model):
    """Delays a request to stop until the checkpoint is saved. The exit of a worker must not interrupt saving either."""

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
            # In this order, because a stopping training no longer watches its workers.
            for number in (signal.SIGTERM, signal.SIGCHLD):
                if number in came and before[number] != signal.SIG_IGN:
                    os.kill(os.getpid(), number)

    return save_whole_model


def end_when_told(trainer):
    """Handles a request to stop as soon as a model may exist. Does nothing with several processes, because one that
    waits for the others would not receive the signal.
    """
    if "RANK" not in os.environ and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, strip_and_end)


def strip_and_end(number, frame):
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
            sys.modules["unitrain_code"].tell_unused()
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
