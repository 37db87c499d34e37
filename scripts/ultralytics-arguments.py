"""Writes which arguments `yolo train` takes in each version of Ultralytics, and which values.

    python3 scripts/ultralytics-arguments.py && npx biome format --write packages/framework-yolo/src/options

Downloads the wheel of each version below, reads its source without running it, and writes
packages/framework-yolo/src/options/arguments-by-version.json: keys, types, ranges and choices only, since
Ultralytics is licensed under AGPL-3.0 and none of its text may be copied here.
"""

import ast
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

VERSIONS = """
8.0.140 8.0.170 8.0.200 8.0.227 8.1.0 8.1.24 8.1.47 8.2.0 8.2.30 8.2.60 8.2.100 8.3.0 8.3.20 8.3.40 8.3.60 8.3.80
8.3.100 8.3.120 8.3.140 8.3.160 8.3.180 8.3.190 8.3.200 8.3.220 8.3.240 8.3.253 8.4.0 8.4.10 8.4.20 8.4.30 8.4.40
8.4.50 8.4.60 8.4.70 8.4.80 8.4.90 8.4.100 8.4.120 8.4.140 8.4.160 8.4.175 8.4.190
""".split()

OUTPUT = pathlib.Path(__file__).parent.parent / "packages/framework-yolo/src/options/arguments-by-version.json"

TYPES = {
    "CFG_FLOAT_KEYS": "number",
    "CFG_FRACTION_KEYS": "fraction",
    "CFG_INT_KEYS": "integer",
    "CFG_BOOL_KEYS": "flag",
    "CFG_STR_KEYS": "text",
}


def main():
    arguments = {}
    with tempfile.TemporaryDirectory() as folder:
        for index, version in enumerate(VERSIONS):
            print(version, file=sys.stderr, flush=True)
            for key, rule in arguments_of(wheel(version, folder)).items():
                periods = arguments.setdefault(key, [])
                if periods and periods[-1]["rule"] == rule and periods[-1]["last"] == VERSIONS[index - 1]:
                    periods[-1]["last"] = version
                else:
                    periods.append({"first": version, "last": version, "rule": rule})
    table = {"versions": VERSIONS, "arguments": {key: arguments[key] for key in sorted(arguments)}}
    OUTPUT.write_text(json.dumps(table, indent=1) + "\n")


def wheel(version, folder):
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "ultralytics==" + version]
    subprocess.run(argv, check=True, timeout=300)
    return zipfile.ZipFile(next(pathlib.Path(folder).glob("ultralytics-%s-*.whl" % version)))


def arguments_of(source):
    read = lambda path: source.read("ultralytics/" + path).decode()
    cfg = ast.parse(read("cfg/__init__.py"))
    constants = constants_of(cfg)
    rules = {key: {} for key in keys_of(read("cfg/default.yaml"))}
    for constant, kind in TYPES.items():
        for key in constants.get(constant, ()):
            if key in rules:
                rules[key]["type"] = kind
    for key, least in constants.get("CFG_INT_MIN", {}).items():
        rules[key]["min"] = least
    for key in handled_as_deprecated(cfg) - set(rules):
        rules[key] = {"dropped": True}
    if "fraction" in tested_words(cfg, "check_cfg", "k"):
        rules["fraction"]["counts"] = True
    if "scale" in tested_words(cfg, "check_cfg", "k"):
        rules["scale"].update(type="fraction", pairs=True)
    choices = {
        "optimizer": optimizers(ast.parse(read("engine/trainer.py"))),
        "copy_paste_mode": tested_words(ast.parse(read("data/augment.py")), "CopyPaste", "mode"),
        "auto_augment": tested_words(ast.parse(read("data/augment.py")), "classify_augmentations", "auto_augment"),
        "amp": words_in(function(cfg, "check_cfg"), r"(?:fp|bf)\d+"),
        "quantize": constants.get("QUANTIZE_ALIASES", {}),
    }
    for key, words in choices.items():
        if key in rules and words:
            rules[key]["choices"] = sorted(words)
    return rules


def keys_of(text):
    return re.findall(r"^(\w+):", text, re.M)


def constants_of(tree):
    """Module-level names of capital letters and what they hold; sets may be written `frozenset({...})` or `{...}`."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") in ("frozenset", "set"):
                value = value.args[0]
            try:
                found[node.targets[0].id] = ast.literal_eval(value)
            except ValueError:
                continue
    return found


def function(tree, name):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
    return None


def words(node):
    """All texts below a node that are values, not docstrings."""
    docstrings = {id(part.value) for part in ast.walk(node) if isinstance(part, ast.Expr)}
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in docstrings:
            yield part.value


def words_in(node, pattern):
    return {word for word in words(node) if re.fullmatch(pattern, word)} if node else set()


def tested_words(tree, name, variable):
    """Texts that a variable is compared with in a function or class."""
    found = set()
    for node in ast.walk(function(tree, name) or ast.Pass()):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == variable:
            found |= {word for side in node.comparators for word in words(side)}
    return found


def optimizers(trainer):
    build = function(trainer, "build_optimizer")
    names = tested_words(build, "build_optimizer", "name")
    for node in ast.walk(build):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "optimizers":
            names |= set(words(node.value))
    return names


def handled_as_deprecated(cfg):
    """Keys of earlier versions that this one still takes, and drops or translates."""
    node = function(cfg, "_handle_deprecation")
    return words_in(node, r"[a-z]\w+") - {"none", "true", "false"} if node else set()


main()
