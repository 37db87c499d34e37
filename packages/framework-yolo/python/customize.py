"""Customizations for each process of a training. A separate module, because a training on several GPUs has several
processes.

UNITRAIN_CUSTOMIZE: JSON {"project": text or null, "name": text, "code": folder or null, "model": path or null}.
"""

import ast
import importlib
import json
import os
import sys

SETTINGS = json.loads(os.environ["UNITRAIN_CUSTOMIZE"])
SKIPPED_FOLDERS = {".git", "__pycache__", "node_modules"}


def apply():
    """Applies the customizations. Called before a trainer is created."""
    if SETTINGS["code"]:
        add_user_modules(SETTINGS["code"], SETTINGS["model"])
    from ultralytics.utils.callbacks.base import default_callbacks

    callbacks = default_callbacks["on_pretrain_routine_start"]
    if set_tracker_name not in callbacks:
        callbacks.insert(0, set_tracker_name)


def set_tracker_name(trainer):
    """Sets the name that trackers display. Ultralytics uses the name of the folder, which means nothing to the user."""
    trainer.args.project = SETTINGS["project"]
    trainer.args.name = SETTINGS["name"]


def add_user_modules(code, model):
    """Adds the user's modules to the names among which Ultralytics looks up the modules of a model's structure."""
    missing = find_unknown_modules(model)
    if not missing:
        return
    import ultralytics.nn.tasks as tasks

    for path in sorted(list_python_files(code)):
        defined = missing & list_classes(path)
        if not defined:
            continue
        module = importlib.import_module(get_module_name(code, path))
        for name in defined:
            setattr(tasks, name, getattr(module, name))
            print("unitrain: %s is taken from %s" % (name, os.path.relpath(path, code)), flush=True)
        missing -= defined


def find_unknown_modules(model):
    if not model or not model.endswith((".yaml", ".yml")) or not os.path.isfile(model):
        return set()
    import ultralytics.nn.tasks as tasks
    import yaml

    with open(model, encoding="utf-8") as file:
        content = yaml.safe_load(file)
    if not isinstance(content, dict):
        return set()
    rows = (content.get("backbone") or []) + (content.get("head") or [])
    names = {row[2] for row in rows if isinstance(row, list) and len(row) > 2 and isinstance(row[2], str)}
    return {name for name in names if "." not in name and not hasattr(tasks, name)}


def list_python_files(code):
    for folder, folders, files in os.walk(code):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in files:
            if name.endswith(".py"):
                yield os.path.join(folder, name)


def list_classes(path):
    try:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except (SyntaxError, ValueError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def get_module_name(code, path):
    parts = os.path.relpath(path, code)[: -len(".py")].split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def patch_program_of_other_processes():
    """Adds this module to the program that older versions generate for the processes of several GPUs."""
    import ultralytics.utils.dist as dist

    generate_original = dist.generate_ddp_file

    def generate_ddp_file(trainer):
        path = generate_original(trainer)
        with open(path, encoding="utf-8") as file:
            program = file.read()
        preamble = "import sys\nsys.path.insert(0, %r)\n" % os.path.dirname(os.path.abspath(__file__))
        preamble += "sys.path.insert(0, %r)\n" % (SETTINGS["code"],) if SETTINGS["code"] else ""
        preamble += "import unitrain_checkpoints, unitrain_code, unitrain_customize\n"
        preamble += "unitrain_customize.apply()\nunitrain_checkpoints.apply()\nunitrain_code.watch()\nunitrain_code.apply()\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(preamble + program)
        return path

    dist.generate_ddp_file = generate_ddp_file
