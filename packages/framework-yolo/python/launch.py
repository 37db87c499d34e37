"""Prepares an attempt on the machine and becomes `yolo … train`, or strips the model of a training that was stopped.

Argument: JSON {"process": "train" or "strip", "task", "dataset", "output", "scratch", "arguments": ["key=value"],
"notes": [text], "weights": [{"argument", "name", "shipped": path below the dataset}], "code": path below the
dataset or null, "project": text or null, "name": text, "track": [text], "reported": {argument: the user's value},
"trainer": "package.module.Class" or null, "validator": the same, "callbacks": whether the code has
unitrain_callbacks.py, "modules": {name: a Python module as text}}.
"""

import json
import os
import sys


def main():
    settings = json.loads(sys.argv[1])
    scratch = settings["scratch"]
    os.makedirs(scratch, exist_ok=True)
    # A separate working folder, because Ultralytics reads weights from it and writes to it.
    os.chdir(scratch)
    weights, needs_download = list_weight_arguments(settings)
    set_environment(settings, offline=not needs_download)
    write_modules(settings, weights)
    if settings["process"] == "strip":
        strip(settings)
        import unitrain_code

        unitrain_code.report_unused()
        return
    for note in settings["notes"]:
        print("unitrain: " + note, flush=True)
    sys.argv = ["yolo", settings["task"], "train", "data=" + get_data_argument(settings["dataset"], scratch)]
    sys.argv += weights + settings["arguments"]
    configure_ultralytics(scratch, settings["track"])
    sys.argv += get_output_arguments(settings["output"])
    customize()
    train()


def list_weight_arguments(settings):
    """Returns the arguments for weights, and whether any must be downloaded. Weights that were not uploaded are passed
    by name.
    """
    arguments, needs_download = [], False
    for weights in settings["weights"]:
        name = weights["name"]
        uploaded = os.path.join(settings["dataset"], weights["shipped"])
        if os.path.isfile(uploaded):
            name = uploaded
        elif not name.endswith((".yaml", ".yml")):
            needs_download = True
        arguments.append(weights["argument"] + "=" + name)
    return arguments, needs_download


def set_environment(settings, offline):
    scratch = settings["scratch"]
    for name in (
        # Together these variables redirect the output to a folder for tests.
        "GITHUB_ACTIONS", "GITHUB_WORKFLOW", "RUNNER_OS", "PYTEST_CURRENT_TEST",
        # Variables of a scheduler, which would make this process one of many.
        "RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT",
    ):  # fmt: skip
        os.environ.pop(name, None)
    for name, folder in (("YOLO_CONFIG_DIR", "config"), ("MPLCONFIGDIR", "matplotlib"), ("TORCHINDUCTOR_CACHE_DIR", "inductor")):
        os.environ[name] = os.path.join(scratch, folder)
        os.makedirs(os.environ[name], exist_ok=True)
    # No pip during a training that costs money.
    os.environ["YOLO_AUTOINSTALL"] = "false"
    os.environ["ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS"] = "1"
    # Older versions store the URL of the git repository around the working folder in the model.
    os.environ["GIT_CEILING_DIRECTORIES"] = os.path.dirname(scratch)
    if offline:
        os.environ["YOLO_OFFLINE"] = "true"
    if settings["code"]:
        add_to_path(os.path.join(settings["dataset"], settings["code"]))
    # wandb stores the address of a git repository around the working folder, which may contain a token.
    os.environ.setdefault("WANDB_DISABLE_GIT", "true")
    if "wandb" in settings["track"] and not has_wandb_login():
        # Below the output folder, so that it is downloaded.
        os.makedirs(settings["output"], exist_ok=True)
        os.environ.update(WANDB_MODE="offline", WANDB_DIR=settings["output"])
        print("unitrain: WANDB_API_KEY is not set: wandb runs offline, and its files are downloaded for `wandb sync`", flush=True)


def has_wandb_login():
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_MODE"):
        return True
    try:
        with open(os.path.expanduser("~/.netrc"), encoding="utf-8") as file:
            return "wandb" in file.read()
    except OSError:
        return False


def add_to_path(folder):
    """Adds a folder to the path of this process and of its child processes."""
    sys.path.insert(0, folder)
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = folder + os.pathsep + inherited if inherited else folder


def get_data_argument(dataset, scratch):
    """Returns the value of `data=`: the folder for classification, otherwise a data.yaml with the absolute path, which
    the uploaded one lacks because it is the same for every machine. Strings in JSON are valid YAML.
    """
    uploaded = os.path.join(dataset, "data.yaml")
    if not os.path.isfile(uploaded):
        return dataset
    with open(uploaded, encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(scratch, "data.yaml")
    with open(path, "w", encoding="utf-8") as target:
        target.write("path: " + json.dumps(dataset, ensure_ascii=False) + "\n" + text)
    return path


def configure_ultralytics(scratch, track):
    # Before other parts of Ultralytics, because usage reporting reads the settings on import.
    import ultralytics.utils as utils

    defaults = getattr(utils.SETTINGS, "defaults", utils.SETTINGS)
    overrides = {"sync": False, "api_key": "", "hub": False, "vscode_msg": False, "openvino_msg": False}
    overrides.update({name: name in track for name in ("tensorboard", "wandb")})
    overrides.update({name + "_dir": os.path.join(scratch, name) for name in ("runs", "weights", "datasets")})
    utils.SETTINGS.update({name: value for name, value in overrides.items() if name in defaults})
    if hasattr(utils, "GIT"):
        utils.GIT.root = utils.GIT.gitdir = utils.GIT.refdir = None
    for module in ("ultralytics.utils.events", "ultralytics.hub.utils"):
        try:
            __import__(module)
            sys.modules[module].events.enabled = False
        except (ImportError, AttributeError):
            pass  # another version has it elsewhere


def get_output_arguments(output):
    """Returns the arguments for the output folder. Asks the installed version, because some versions accept
    `save_dir=` and others ignore or reject it.
    """
    from ultralytics.cfg import get_cfg

    try:
        accepts_save_dir = getattr(get_cfg(overrides={"save_dir": output}), "save_dir", None) == output
    except (Exception, SystemExit):
        accepts_save_dir = False
    if accepts_save_dir:
        return ["save_dir=" + output, "exist_ok=True"]
    return ["project=" + os.path.dirname(output), "name=" + os.path.basename(output), "exist_ok=True"]


def write_modules(settings, weights):
    """Writes modules for this process and for those of several GPUs."""
    folder = os.path.join(settings["scratch"], "customize")
    os.makedirs(folder, exist_ok=True)
    for name, text in settings["modules"].items():
        with open(os.path.join(folder, name + ".py"), "w", encoding="utf-8") as file:
            file.write(text)
    model = next((argument[len("model=") :] for argument in weights if argument.startswith("model=")), None)
    code = os.path.join(settings["dataset"], settings["code"]) if settings["code"] else None
    os.environ["UNITRAIN_CUSTOMIZE"] = json.dumps(
        {"project": settings["project"], "name": settings["name"], "code": code, "model": model}
    )
    os.environ["UNITRAIN_CODE"] = json.dumps(
        {
            **{name: settings[name] for name in ("trainer", "validator", "callbacks")},
            **{"code": code, "used": os.path.join(folder, "used-code.txt")},
        }
    )
    files = {os.path.join(settings["dataset"], entry["shipped"]): entry["name"] for entry in settings["weights"]}
    os.environ["UNITRAIN_CHECKPOINTS"] = json.dumps(
        {"scratch": settings["scratch"], "output": settings["output"], "reported": settings["reported"], "files": files}
    )
    add_to_path(folder)


def customize():
    import unitrain_checkpoints
    import unitrain_code
    import unitrain_customize

    unitrain_customize.apply()
    unitrain_checkpoints.apply()
    unitrain_code.watch()
    unitrain_code.report_unused_at_exit()
    unitrain_code.apply()
    unitrain_customize.patch_program_of_other_processes()


def strip(settings):
    configure_ultralytics(settings["scratch"], [])
    import unitrain_checkpoints

    unitrain_checkpoints.apply()
    unitrain_checkpoints.strip(settings["output"])


def train():
    from ultralytics.cfg import entrypoint

    entrypoint()


main()
