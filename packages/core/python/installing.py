"""Installs one environment at a time; part 4 of 4. The framework's own part defines `is_complete()` and `install_environment()`, and calls
`main()`.
"""


def main():
    try:
        os.makedirs(PARENT, exist_ok=True)
        with open(os.path.join(PARENT, ".install.lock"), "w") as lock:
            acquire(lock)
            if is_complete():
                print("already installed: " + FOLDER)
                return 0
            install()
        return 0
    except Failure as failure:
        return fail(failure.code, str(failure))
    except OSError as error:
        return fail("disk-full" if error.errno == 28 else "install-failed", str(error))


def acquire(lock):
    """Takes the lock. Waits for another run that is installing, because its result can be used."""
    deadline = time.time() + LOCK_SECONDS
    has_waited = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.time() > deadline:
                raise Failure("install-failed", "another installation in " + PARENT + " does not end")
            if not has_waited:
                print("another run installs in " + PARENT + ": waiting for it", flush=True)
            has_waited = True
            time.sleep(0.5)


def install():
    """Installs into an empty folder. It is complete only if its marker exists, which is written last."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    check_free_space(SETTINGS["leastBytes"])
    if SETTINGS["reason"]:
        print(SETTINGS["reason"], flush=True)
    started_at = time.time()
    try:
        install_environment()
        with open(MARKER + ".new", "w") as marker:
            json.dump({"version": SETTINGS.get("version"), "madeAt": int(time.time())}, marker)
            marker.flush()
            os.fsync(marker.fileno())
        os.rename(MARKER + ".new", MARKER)
    except BaseException:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise
    print("installed in %d s: %s" % (time.time() - started_at, FOLDER))


def check_free_space(needed_bytes):
    free = shutil.disk_usage(PARENT).free
    if free < needed_bytes:
        raise Failure(
            "disk-full",
            "%.1f GB are free in %s, but the environment and its caches need up to %.1f GB"
            % (free / 1e9, PARENT, needed_bytes / 1e9),
        )
