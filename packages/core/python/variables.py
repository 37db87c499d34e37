"""Environment variables of an installation; part 2 of 4.

Settings that the machine's owner made for other Pythons must not affect where packages are installed or which ones.
Settings for reaching the package index are kept.
"""

# Variables of pip and uv that configure access to an index, and caching.
KEPT_VARIABLES = re.compile(
    r"PIP_(?:(?:EXTRA_)?INDEX_URL|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CACHE_DIR|NO_CACHE_DIR|FIND_LINKS|NO_INDEX|KEYRING_PROVIDER"
    r"|(?:DEFAULT_)?TIMEOUT|RETRIES|CONFIG_FILE)"
    r"|UV_(?:(?:DEFAULT_|EXTRA_)?INDEX(?:_URL)?|INDEX_\w+_(?:USERNAME|PASSWORD)|FIND_LINKS|NO_INDEX|INSECURE_HOST|CACHE_DIR|NO_CACHE"
    r"|HTTP_\w+|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|OFFLINE|CONCURRENT_\w+|LINK_MODE|CONFIG_FILE|NO_CONFIG"
    r"|PYTHON_INSTALL_\w+|PYTHON_DOWNLOADS)"
)
IGNORED_VARIABLES = re.compile(r"(?:PIP|UV|CONDA|MAMBA)_\w+|PYTHON(?:PATH|HOME|USERBASE|STARTUP|PLATLIBDIR)|VIRTUAL_ENV|TAR_OPTIONS")


def get_variables():
    """Returns the environment for every program that installs packages."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if KEPT_VARIABLES.fullmatch(name) or not IGNORED_VARIABLES.fullmatch(name)
    }
    # These override `user = true` and `require-virtualenv = true` in a pip.conf.
    environment.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    # By default uv has its own list of certificates. The system's list includes those of inspecting proxies. The
    # second name is for older versions.
    if "UV_SYSTEM_CERTS" not in environment and "UV_NATIVE_TLS" not in environment:
        environment.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
    certificates = environment.get("SSL_CERT_FILE")
    if certificates:
        environment.setdefault("PIP_CERT", certificates)
        environment.setdefault("REQUESTS_CA_BUNDLE", certificates)
        environment.setdefault("GIT_SSL_CAINFO", certificates)
    return environment


def system_certificates():
    """Returns the system's list of certificates, for a pip with its own list; None if there is none."""
    # First the files written by `update-ca-certificates` and `update-ca-trust`, because OpenSSL's default may be an
    # old copy.
    paths = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        ssl.get_default_verify_paths().cafile,
    ]
    return next((path for path in paths if path and os.access(path, os.R_OK)), None)
