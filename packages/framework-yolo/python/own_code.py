"""Loads the user's trainer, validator, callbacks and augmentations in each process of a training, and records which
code was used.

UNITRAIN_CODE: JSON {"code": folder or null, "trainer": "package.module.Class" or null, "validator": the same,
"callbacks": whether the code has a module of callbacks, "used": the file that lists what was used}.
"""

import atexit
import copy
import functools
import importlib
import importlib.util
import json
import os
import sys

SETTINGS = json.loads(os.environ["UNITRAIN_CODE"])
CALLBACKS = "unitrain_callbacks"
SKIPPED_FOLDERS = {"__pycache__", "node_modules"}
MOST_SHOWN = 5


def watch():
    """Records which files of the code are imported or opened, in forked processes too."""
    code = SETTINGS["code"]
    if not can_watch():
        return
    root = os.path.realpath(code) + os.sep
    prefixes = (code + os.sep, root)
    recorded = set()

    def record(path):
        # Images of a dataset are not remembered, because there may be millions.
        if not path.startswith(prefixes) or path in recorded:
            return
        recorded.add(path)
        real_path = os.path.realpath(get_source_path(path))
        # Appended immediately, because processes of a data loader exit without a chance to write.
        with open(SETTINGS["used"], "a", encoding="utf-8") as file:
            file.write(real_path[len(root) :] + "\n")

    def hook(event, arguments):
        if event == "open" and isinstance(arguments[0], str):
            record(arguments[0])

    for module in list(sys.modules.values()):
        if isinstance(getattr(module, "__file__", None), str):
            record(module.__file__)
    sys.addaudithook(hook)


def get_source_path(path):
    """Returns the source file of `__pycache__/x.cpython-311.pyc`, which Python opens instead of `x.py`."""
    try:
        return importlib.util.source_from_cache(path) if path.endswith(".pyc") else path
    except ValueError:
        return path


def report_unused_at_exit():
    """Reports unused code at exit, only in the first process, which ends last."""
    atexit.register(report_unused)


def can_watch():
    # Python 3.8 or newer.
    return bool(SETTINGS["code"]) and hasattr(sys, "addaudithook")


def report_unused():
    """Reports unused code once: by the training before it exits, or by the process that strips the model."""
    if not can_watch() or not claim_report():
        return
    code = SETTINGS["code"]
    try:
        with open(SETTINGS["used"], encoding="utf-8") as file:
            used = set(file.read().splitlines())
    except OSError:
        used = set()
    files = sorted(list_code_files(code))
    # The module of callbacks is a copy, possibly of one of these files.
    copied = read_content(os.path.join(code, CALLBACKS + ".py")) if SETTINGS["callbacks"] else None
    unused = [name for name in files if name not in used and read_content(os.path.join(code, name)) != copied]
    if not unused:
        return
    ellipsis = ", …" if len(unused) > MOST_SHOWN else ""
    text = ", ".join(unused[:MOST_SHOWN]) + ellipsis
    if used:
        print("unitrain: %d of %d Python files of your code were never imported: %s" % (len(unused), len(files), text), flush=True)
    else:
        print(
            "unitrain: none of your code was imported (%s). What uses it: trainer=, validator=, --callbacks, or a model.yaml that names its classes"
            % text,
            flush=True,
        )


def claim_report():
    try:
        os.close(os.open(SETTINGS["used"] + ".reported", os.O_CREAT | os.O_EXCL))
    except OSError:
        return False
    return True


def list_code_files(code):
    for folder, folders, files in os.walk(code):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), code)
            # An empty file marks a package.
            if name.endswith(".py") and path != CALLBACKS + ".py" and read_content(os.path.join(folder, name)).strip():
                yield path


def read_content(path):
    with open(path, "rb") as file:
        return file.read()


def apply():
    """Applies the user's classes. Called before a trainer is created."""
    validator = load_class("validator", "ultralytics.engine.validator", "BaseValidator")
    trainer = load_class("trainer", "ultralytics.engine.trainer", "BaseTrainer")
    if trainer is not None:
        use_trainer(trainer)
    if validator is not None:
        use_validator(validator, trainer)
    if SETTINGS["callbacks"]:
        use_callbacks(importlib.import_module(CALLBACKS))


def load_class(argument, base_module, base_name):
    path = SETTINGS[argument]
    if path is None:
        return None
    module, _, name = path.rpartition(".")
    loaded = getattr(importlib.import_module(module), name, None)
    base = getattr(importlib.import_module(base_module), base_name)
    if not (isinstance(loaded, type) and issubclass(loaded, base)):
        sys.exit("unitrain: %s=%s must name a subclass of %s.%s" % (argument, path, base_module, base_name))
    return loaded


def use_trainer(trainer):
    from ultralytics.engine.model import Model

    load = Model._smart_load

    @functools.wraps(load)
    def smart_load(self, key):
        if key == "trainer":
            print("unitrain: the trainer is %s" % SETTINGS["trainer"], flush=True)
            return trainer
        return load(self, key)

    Model._smart_load = smart_load


def use_validator(validator, trainer):
    """Patches every trainer class, because each creates its own validator."""
    from ultralytics.engine.trainer import BaseTrainer

    def get_validator(original):
        @functools.wraps(original)
        def get_user_validator(self):
            # Also sets the names of the losses.
            default_validator = original(self)
            if isinstance(default_validator, validator):
                return default_validator
            print("unitrain: the validator is %s" % SETTINGS["validator"], flush=True)
            return validator(self.test_loader, save_dir=self.save_dir, args=copy.copy(self.args), _callbacks=self.callbacks)

        get_user_validator.is_replaced = True
        return get_user_validator

    import ultralytics.models  # noqa: F401 - every trainer of Ultralytics

    for subclass in [BaseTrainer, *subclasses(BaseTrainer)]:
        original = vars(subclass).get("get_validator")
        if original is not None and not hasattr(original, "is_replaced"):
            subclass.get_validator = get_validator(original)


def subclasses(base):
    for subclass in base.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def use_callbacks(module):
    from ultralytics.utils.callbacks.base import default_callbacks

    for name, functions in default_callbacks.items():
        function = getattr(module, name, None)
        if callable(function) and function not in functions:
            functions.append(function)
    if callable(getattr(module, "build_augmentations", None)):
        use_augmentations(module.build_augmentations)


def use_augmentations(build):
    """Sets augmentations as `model.train(augmentations=[…])` does, in the arguments of every process."""
    from ultralytics.engine.model import Model

    train = Model.train
    if hasattr(train, "has_augmentations"):
        return

    @functools.wraps(train)
    def with_augmentations(self, trainer=None, **arguments):
        return train(self, trainer=trainer, **dict(arguments, augmentations=list(build())))

    with_augmentations.has_augmentations = True
    Model.train = with_augmentations
