"""Prepares one attempt on the machine and becomes `yolo … train`.

Argument: JSON {"task", "dataset", "output", "scratch", "arguments": ["key=value"], "notes": [text],
"weights": [{"argument", "name", "shipped": path below the dataset}]}.
"""

import json
import os
import sys


def main():
    settings = json.loads(sys.argv[1])
    scratch = settings["scratch"]
    os.makedirs(scratch, exist_ok=True)
    # Not the user's working folder: Ultralytics looks for weights, and writes, there.
    os.chdir(scratch)
    weights, fetched = find_weights(settings)
    set_environment(scratch, offline=not fetched)
    for note in settings["notes"]:
        print("unitrain: " + note, flush=True)
    output = settings["output"]
    sys.argv = ["yolo", settings["task"], "train", "data=" + write_data_yaml(settings["dataset"], scratch)]
    sys.argv += weights + settings["arguments"]
    sys.argv += ["project=" + os.path.dirname(output), "name=" + os.path.basename(output), "exist_ok=True"]
    train(scratch)


def find_weights(settings):
    """Arguments for the weights, and whether any of them must be fetched: what was not shipped goes by its name."""
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


def set_environment(scratch, offline):
    for name in (
        # Together they send the output to a folder for tests.
        "GITHUB_ACTIONS", "GITHUB_WORKFLOW", "RUNNER_OS", "PYTEST_CURRENT_TEST",
        # Left over from a scheduler, they would make this one process of many.
        "RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT",
    ):  # fmt: skip
        os.environ.pop(name, None)
    for name, folder in (("YOLO_CONFIG_DIR", "config"), ("MPLCONFIGDIR", "matplotlib"), ("TORCHINDUCTOR_CACHE_DIR", "inductor")):
        os.environ[name] = os.path.join(scratch, folder)
        os.makedirs(os.environ[name], exist_ok=True)
    # Never pip in the middle of a training that is paid for.
    os.environ["YOLO_AUTOINSTALL"] = "false"
    os.environ["ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS"] = "1"
    # Older versions ask git for the address of what the working folder belongs to, and keep it in the model.
    os.environ["GIT_CEILING_DIRECTORIES"] = os.path.dirname(scratch)
    if offline:
        os.environ["YOLO_OFFLINE"] = "true"


def write_data_yaml(dataset, scratch):
    """JSON's strings are YAML's too. The shipped part has no path, since it is the same for every machine."""
    with open(os.path.join(dataset, "data.yaml"), encoding="utf-8") as shipped:
        text = shipped.read()
    path = os.path.join(scratch, "data.yaml")
    with open(path, "w", encoding="utf-8") as final:
        final.write("path: " + json.dumps(dataset, ensure_ascii=False) + "\n" + text)
    return path


def train(scratch):
    # Before everything else of Ultralytics: what reports usage reads the settings when it is imported.
    import ultralytics.utils as utils

    known = getattr(utils.SETTINGS, "defaults", utils.SETTINGS)
    wanted = {"sync": False, "api_key": "", "hub": False, "vscode_msg": False, "openvino_msg": False}
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

    from ultralytics.cfg import entrypoint

    entrypoint()


main()
