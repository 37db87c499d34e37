"""Installs Ultralytics; the last part of the program, after those of core's folder `python`.

Further settings: {"version": text or null, "ultralytics": requirement or null, "backend": text or null, "pins": [text],
"extras": [text], "newestPython": text or null, "neededBytes": int}.
"""

# Before the failures of any package.
PATTERNS[3:3] = [
    ("no-such-version", r"no version of ultralytics==|No matching distribution found for ultralytics=="),
]


def is_complete():
    """Returns whether an earlier installation completed and can still be imported."""
    return os.path.exists(MARKER) and run([PYTHON, "-c", "import torch, torchvision, cv2"], show=False)[0] == 0


def install_environment():
    uv = find_uv() or install_uv()
    if uv:
        install_with_uv(uv)
    else:
        install_with_pip()
    replace_opencv(uv)
    # Ultralytics searches parent folders for .git and stores the URL of the repository, with any token in it, in each
    # model. An empty .git stops that search.
    open(os.path.join(FOLDER, ".git"), "w").close()


def list_requirements():
    ultralytics = SETTINGS["ultralytics"]
    return ([ultralytics] if ultralytics else []) + SETTINGS["extras"] + SETTINGS["pins"]


def list_pythons():
    """Returns the Python to use: the machine's own if suitable. uv finds or downloads another if it is too old, or too
    new for torch's wheels.
    """
    fallback = SETTINGS["newestPython"] or "3.12"
    newest = tuple(int(part) for part in fallback.split("."))
    if sys.version_info < (3, 9) or (SETTINGS["newestPython"] and sys.version_info[:2] > newest):
        return [fallback]
    return [base_python(), fallback]


def install_with_uv(uv):
    for python in list_pythons():
        shutil.rmtree(FOLDER, ignore_errors=True)
        code, output = run([uv, "venv", "--python", python, FOLDER])
        if code == 0:
            code, output = install_packages(uv)
        if code == 0:
            return
        if not re.search(r"no wheels with a matching|requires Python|Requires-Python|Python>=", output):
            stop_if_hopeless(output if sys.version_info >= (3, 9) else "")
            break
    print("uv failed: installing with pip, which takes some minutes", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    install_with_pip()


def install_packages(uv):
    install = [uv, "pip", "install", "--python", PYTHON]
    if SETTINGS["backend"]:
        # The wheels for the machine come from a separate host. If it cannot be reached, others are tried.
        command = install + ["--torch-backend=" + SETTINGS["backend"]] + list_requirements()
        result = run(command, show=False, extra_variables={"UV_HTTP_RETRIES": "0"})
        if result[0] == 0:
            return result
        if find_failure(result[1])[0] in ("no-network", "untrusted-certificate"):
            print_fallback()
    check_free_space(SETTINGS["neededBytes"])
    result = run(install + list_requirements())
    if find_failure(result[1])[0] == "no-network" and result[0] != 0:
        print("no network: trying uv's cache", flush=True)
        if run(install + ["--offline"] + list_requirements())[0] == 0:
            return 0, ""
    return result


def print_fallback():
    """Announces the fallback with its size, which takes minutes more on a slow connection."""
    if SETTINGS["backend"] == "cpu":
        print("cannot reach torch without CUDA: installing the default build, about 6 GB with its CUDA libraries", flush=True)
    else:
        print("cannot reach the wheels for this machine: installing the default ones", flush=True)


def install_with_pip():
    check_free_space(SETTINGS["neededBytes"])
    if sys.version_info < (3, 9):
        raise Failure("python-too-old", "Python %d.%d at %s" % (sys.version_info[:2] + (sys.executable,)))
    code, output = run([base_python(), "-m", "venv", FOLDER])
    if code != 0:
        code, output = run([base_python(), "-m", "virtualenv", FOLDER])
    if code != 0:
        stop_if_hopeless(output)
        raise Failure("no-pip", sys.executable + " cannot make an environment: python3-venv is missing")
    code, output = pip([PYTHON], list_requirements())
    if code != 0:
        raise Failure(*find_failure(output))


def replace_opencv(uv):
    """Replaces OpenCV by its headless build, which does not need a desktop's libraries."""
    code, output = run([PYTHON, "-c", "import cv2"], show=False)
    if code == 0:
        return
    if not re.search(r"lib(GL|gthread|xcb|X11|SM|Xext|EGL|glib)", output):
        raise Failure("install-failed", last_line(output))
    print("OpenCV cannot be imported (%s): installing the headless build" % last_line(output), flush=True)
    installer = [uv, "pip"] if uv else [PYTHON, "-m", "pip"]
    target = ["--python", PYTHON] if uv else []
    run(installer + ["uninstall"] + target + ([] if uv else ["-y"]) + ["opencv-python"])
    code, output = run(installer + ["install"] + target + ["opencv-python-headless"])
    if code != 0:
        raise Failure(*find_failure(output))
    if run([PYTHON, "-c", "import cv2"], show=False)[0] != 0:
        raise Failure("install-failed", "OpenCV does not load, not even the headless one")


sys.exit(main())
