"""Finds uv, or installs it by any available method; part 3 of 4."""


def find_uv():
    home = os.path.expanduser("~")
    places = [shutil.which("uv"), home + "/.local/bin/uv", home + "/.cargo/bin/uv", TOOLS + "/bin/uv"]
    for place in places:
        if place and os.access(place, os.X_OK) and run([place, "--version"], show=False)[0] == 0:
            return place
    return None


def make_uv():
    """Installs uv, which is a single wheel, with any available pip. Returns None if there is a Python with pip but uv
    cannot be installed.
    """
    for attempt in (0, 1):
        for make in (uv_by_target, uv_by_venv, uv_by_virtualenv):
            shutil.rmtree(TOOLS, ignore_errors=True)
            uv = make()
            if uv:
                return uv
        if has_pip():
            return None
        if attempt == 1 or not apt():
            break
    raise Failure("no-pip", sys.executable + " has neither venv nor pip, and uv is not installed")


def uv_by_target():
    """The fastest method. It works for externally managed Pythons too."""
    return uv_after(pip([base_python()], ["--target", TOOLS, "uv"])) if has_pip() else None


def uv_by_venv():
    if run([base_python(), "-m", "venv", TOOLS], show=False)[0] != 0:
        return None
    return uv_after(pip([TOOLS + "/bin/python"], ["uv"]))


def uv_by_virtualenv():
    if run([base_python(), "-m", "virtualenv", TOOLS], show=False)[0] != 0:
        return None
    return uv_after(pip([TOOLS + "/bin/python"], ["uv"]))


def uv_after(result):
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
    return run(command, more={"PIP_CERT": certificates})


def base_python():
    return BASE[-1]


def apt():
    """Installs python3-venv and python3-pip with apt if no password is needed. The first boot may hold apt's lock."""
    if not shutil.which("apt-get"):
        return False
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if rights and (not shutil.which("sudo") or run(["sudo", "-n", "true"], show=False)[0] != 0):
        return False
    base = rights + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=180"]
    print("installing python3-venv and python3-pip", flush=True)
    run(base + ["update"], seconds=300)
    code, _ = run(base + ["install", "-y", "--no-install-recommends", "python3-venv", "python3-pip"], seconds=600)
    if os.access("/usr/bin/python3", os.X_OK):
        BASE.append("/usr/bin/python3")
    return code == 0
