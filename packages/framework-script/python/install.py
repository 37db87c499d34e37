"""Installs what a project's files name; the last part of the program, after those of core's folder `python`.

Further settings: {"kind": "lock", "project", "list" or "packages", "pip": [text], "python": text or null, "hasTorch": bool,
"neededBytes": int}. Further arguments: the files as JSON {path: text}, deflated, in base64, in pieces.
"""

import base64
import zlib

PROJECT = FOLDER + ".project"
PATTERNS[:0] = [
    ("no-such-python", r"No interpreter found|No download found|does not satisfy Python|incompatible with the (?:project|requested)"),
    ("no-such-python", r"(?i)invalid (?:python )?(?:version|request)"),
    ("bad-file", r"Failed to parse|Unable to find lockfile|Couldn't parse requirement|Invalid requirement|TOML parse error"),
    ("stale-lock", r"lockfile .*needs to be updated"),
    ("no-wheel", r"has no wheels with a matching|no matching distribution for the current platform|Failed to build|build backend returned an error"),
]


def is_complete():
    """Returns whether an earlier installation completed and its Python still runs."""
    return os.path.exists(MARKER) and run([PYTHON, "-c", ""], show=False)[0] == 0


def install_environment():
    check_free_space(SETTINGS["leastBytes"])
    uv = find_uv() or install_uv()
    names = write_project()
    try:
        if uv:
            install_with_uv(uv, names)
        elif SETTINGS["kind"] in ("list", "packages"):
            install_with_pip(names)
        else:
            raise Failure("no-uv", SETTINGS["kind"])
    finally:
        shutil.rmtree(PROJECT, ignore_errors=True)


def write_project():
    """Writes the files that name the packages, and returns their paths; the first includes the others."""
    files = json.loads(zlib.decompress(base64.b64decode("".join(sys.argv[2:]))).decode("utf-8"))
    shutil.rmtree(PROJECT, ignore_errors=True)
    os.makedirs(PROJECT)
    for name, text in files.items():
        path = os.path.join(PROJECT, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return [os.path.join(PROJECT, name) for name in files]


def install_with_uv(uv, names):
    if SETTINGS["kind"] == "lock":
        command = [uv, "sync", "--frozen", "--no-dev", "--no-install-project", "--no-install-workspace"]
        command += ["--project", os.path.dirname(names[0])]
        if SETTINGS["python"]:
            command += ["--python", SETTINGS["python"]]
        check(install_online(command, {"UV_PROJECT_ENVIRONMENT": FOLDER}))
        if SETTINGS["pip"]:
            check(install_online([uv, "pip", "install", "--python", PYTHON] + SETTINGS["pip"]))
        return
    check(run([uv, "venv", "--python", choose_python(), FOLDER]))
    wanted = (["-r", names[0]] if names else []) + SETTINGS["pip"]
    if not wanted:
        return
    command = [uv, "pip", "install", "--python", PYTHON]
    if SETTINGS["hasTorch"]:
        # The build of torch that suits the machine comes from a host of its own, which may be out of reach.
        if run(command + ["--torch-backend=auto"] + wanted, show=False, extra_variables={"UV_HTTP_RETRIES": "0"})[0] == 0:
            return
    check(install_online(command + wanted))


def install_online(command, variables=None):
    result = run(command, extra_variables=variables)
    if result[0] != 0 and find_failure(result[1])[0] == "no-network":
        print("no network: trying uv's cache", flush=True)
        cached = run(command + ["--offline"], extra_variables=variables)
        return cached if cached[0] == 0 else result
    return result


def check(result):
    if result[0] != 0:
        raise Failure(*find_failure(result[1]))


def choose_python():
    """Returns the requested Python, else the machine's own unless it is too old for most packages."""
    return SETTINGS["python"] or (base_python() if sys.version_info >= (3, 9) else "3.12")


def install_with_pip(names):
    wanted = SETTINGS["python"]
    if wanted and not ("%d.%d" % sys.version_info[:2]) == wanted:
        raise Failure("no-uv", "Python " + wanted)
    code, output = run([base_python(), "-m", "venv", FOLDER])
    if code != 0:
        raise Failure("no-pip", sys.executable + " cannot make an environment: python3-venv is missing")
    check(pip([PYTHON], (["-r", names[0]] if names else []) + SETTINGS["pip"]))


sys.exit(main())
