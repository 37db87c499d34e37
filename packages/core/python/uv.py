"""Finds uv, or installs it by any available method; part 3 of 4."""


def find_uv():
    home = os.path.expanduser("~")
    paths = [shutil.which("uv"), home + "/.local/bin/uv", home + "/.cargo/bin/uv", TOOLS + "/bin/uv"]
    for path in paths:
        if path and os.access(path, os.X_OK) and run([path, "--version"], show=False)[0] == 0:
            return path
    return None


def install_uv():
    """Installs uv, which is a single wheel, with any available pip. Returns None if there is a Python with pip but uv
    cannot be installed.
    """
    for attempt in (0, 1):
        for method in (install_uv_by_target, install_uv_by_venv, install_uv_by_virtualenv):
            shutil.rmtree(TOOLS, ignore_errors=True)
            uv = method()
            if uv:
                return uv
        if has_pip():
            return None
        if attempt == 1 or not install_pip_with_apt():
            break
    raise Failure("no-pip", sys.executable + " has neither venv nor pip, and uv is not installed")


def install_uv_by_target():
    """The fastest method. It works for externally managed Pythons too."""
    return find_uv_after(pip([base_python()], ["--target", TOOLS, "uv"])) if has_pip() else None


def install_uv_by_venv():
    if run([base_python(), "-m", "venv", TOOLS], show=False)[0] != 0:
        return None
    return find_uv_after(pip([TOOLS + "/bin/python"], ["uv"]))


def install_uv_by_virtualenv():
    if run([base_python(), "-m", "virtualenv", TOOLS], show=False)[0] != 0:
        return None
    return find_uv_after(pip([TOOLS + "/bin/python"], ["uv"]))


def find_uv_after(result):
    code, output = result
    if code != 0:
        stop_if_hopeless(output)
    return find_uv()


def has_pip():
    return run([base_python(), "-m", "pip", "--version"], show=False)[0] == 0


def pip(python, arguments):
    command = python + ["-m", "pip", "install", "--retries", "2", "--disable-pip-version-check"] + arguments
    code, output = run(command)
    certificates = system_certificates()
    if code == 0 or not certificates or not re.search(CERTIFICATES, output):
        return code, output
    print("pip does not trust a certificate: trying the system's certificates, " + certificates, flush=True)
    return run(command, extra_variables={"PIP_CERT": certificates})


def base_python():
    return BASE_PYTHONS[-1]


def install_pip_with_apt():
    """Installs python3-venv and python3-pip with apt if no password is needed. The first boot may hold apt's lock."""
    if not shutil.which("apt-get"):
        return False
    privileges = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if privileges and (not shutil.which("sudo") or run(["sudo", "-n", "true"], show=False)[0] != 0):
        return False
    apt_command = privileges + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=180"]
    print("installing python3-venv and python3-pip", flush=True)
    run(apt_command + ["update"], seconds=300)
    code, _ = run(apt_command + ["install", "-y", "--no-install-recommends", "python3-venv", "python3-pip"], seconds=600)
    if os.access("/usr/bin/python3", os.X_OK):
        BASE_PYTHONS.append("/usr/bin/python3")
    return code == 0
