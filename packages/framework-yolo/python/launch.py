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
    weights, fetched = find_weights(settings)
    set_environment(settings, offline=not fetched)
    write_modules(settings, weights)
    if settings["process"] == "strip":
        strip(settings)
        import unitrain_code

        unitrain_code.tell_unused()
        return
    for note in settings["notes"]:
        print("unitrain: " + note, flush=True)
    sys.argv = ["yolo", settings["task"], "train", "data=" + data_argument(settings["dataset"], scratch)]
    sys.argv += weights + settings["arguments"]
    set_settings(scratch, settings["track"])
    sys.argv += output_arguments(settings["output"])
    customize()
    train()


def find_weights(settings):
    """Returns the arguments for weights, and whether any must be downloaded. Weights that were not uploaded are passed
    by name.
    """
    words, fetched = [], False
    for weights in settings["weights"]:
        name = weights["name"]
        shipped = os.path.join(settings["dataset"], weights["shipped"])
        if os.path.isfile(shipped):
            name = shipped
        elif not name.endswith((".yaml", ".yml")):
            fetched = True
        words.append(weights["argument"] + "=" + name)
    return words, fetched


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
    if "wandb" in settings["track"] and not may_log_in():
        # Below the output folder, so that it is downloaded.
        os.makedirs(settings["output"], exist_ok=True)
        os.environ.update(WANDB_MODE="offline", WANDB_DIR=settings["output"])
        print("unitrain: WANDB_API_KEY is not set: wandb runs offline, and its files are downloaded for `wandb sync`", flush=True)


def may_log_in():
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
    others = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = folder + os.pathsep + others if others else folder


def data_argument(dataset, scratch):
    """Returns the value of `data=`: the folder for classification, otherwise a data.yaml with the absolute path, which
    the uploaded one lacks because it is the same for every machine. Strings in JSON are valid YAML.
    """
    shipped = os.path.join(dataset, "data.yaml")
    if not os.path.isfile(shipped):
        return dataset
    with open(shipped, encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(scratch, "data.yaml")
    with open(path, "w", encoding="utf-8") as final:
        final.write("path: " + json.dumps(dataset, ensure_ascii=False) + "\n" + text)
    return path


def set_settings(scratch, track):
    # Before other parts of Ultralytics, because usage reporting reads the settings on import.
    import ultralytics.utils as utils

    known = getattr(utils.SETTINGS, "defaults", utils.SETTINGS)
    wanted = {"sync": False, "api_key": "", "hub": False, "vscode_msg": False, "openvino_msg": False}
    wanted.update({name: name in track for name in ("tensorboard", "wandb")})
    wanted.update({name + "_dir": os.path.join(scratch, name) for name in ("runs", "weights", "datasets")})
    utils.SETTINGS.update({name: value for name, value in wanted.items() if name in known})
    if hasattr(utils, "GIT"):
        utils.GIT.root = utils.GIT.gitdir = utils.GIT.refdir = None
    for module in ("ultralytics.utils.events", "ultralytics.hub.utils"):
        try:
            __import__(module)
            sys.modules[module].events.enabled = False
        except (ImportError, AttributeError):
            pass  # another version has it elsewhere


def output_arguments(output):
    """Returns the arguments for the output folder. Asks the installed version, because some versions accept
    `save_dir=` and others ignore or reject it.
    """
    from ultralytics.cfg import get_cfg

    try:
        taken = getattr(get_cfg(overrides={"save_dir": output}), "save_dir", None) == output
    except (Exception, SystemExit):
        taken = False
    if taken:
        return ["save_dir=" + output, "exist_ok=True"]
    return ["project=" + os.path.dirname(output), "name=" + os.path.basename(output), "exist_ok=True"]


def write_modules(settings, weights):
    """Writes modules for this process and for those of several GPUs."""
    folder = os.path.join(settings["scratch"], "customize")
    os.makedirs(folder, exist_ok=True)
    for name, text in settings["modules"].items():
        with open(os.path.join(folder, name + ".py"), "w", encoding="utf-8") as file:
            file.write(text)
    model = next((word[len("model=") :] for word in weights if word.startswith("model=")), None)
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
    files = {os.path.join(settings["dataset"], each["shipped"]): each["name"] for each in settings["weights"]}
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
    unitrain_code.tell_unused_at_exit()
    unitrain_code.apply()
    unitrain_customize.also_in_every_process()


def strip(settings):
    set_settings(settings["scratch"], [])
    import unitrain_checkpoints

    unitrain_checkpoints.apply()
    unitrain_checkpoints.strip(settings["output"])


def train():
    from ultralytics.cfg import entrypoint

    entrypoint()


main()
