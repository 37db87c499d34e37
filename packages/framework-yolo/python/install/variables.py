"""Which variables an installation is given; part 2 of 4.

What a machine's owner set for other Pythons must not decide where our packages go or which they are. What says how the
package index is reached must stay.
"""

# Of pip and uv, only what tells how to reach an index and how to cache.
KEPT = re.compile(
    r"PIP_(?:(?:EXTRA_)?INDEX_URL|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CACHE_DIR|NO_CACHE_DIR|FIND_LINKS|NO_INDEX|KEYRING_PROVIDER"
    r"|(?:DEFAULT_)?TIMEOUT|RETRIES|CONFIG_FILE)"
    r"|UV_(?:(?:DEFAULT_|EXTRA_)?INDEX(?:_URL)?|INDEX_\w+_(?:USERNAME|PASSWORD)|FIND_LINKS|NO_INDEX|INSECURE_HOST|CACHE_DIR|NO_CACHE"
    r"|HTTP_\w+|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|OFFLINE|CONCURRENT_\w+|LINK_MODE|CONFIG_FILE|NO_CONFIG"
    r"|PYTHON_INSTALL_\w+|PYTHON_DOWNLOADS)"
)
FOREIGN = re.compile(r"(?:PIP|UV|CONDA|MAMBA)_\w+|PYTHON(?:PATH|HOME|USERBASE|STARTUP|PLATLIBDIR)|VIRTUAL_ENV|TAR_OPTIONS")


def variables():
    """For every program that installs."""
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name) or not FOREIGN.fullmatch(name)}
    # These win over `user = true` and `require-virtualenv = true` of a pip.conf.
    kept.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    # uv trusts a list of its own unless told to use the system's, which knows the certificates of inspecting proxies.
    # The second name is that of older versions.
    if "UV_SYSTEM_CERTS" not in kept and "UV_NATIVE_TLS" not in kept:
        kept.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
    certificates = kept.get("SSL_CERT_FILE")
    if certificates:
        kept.setdefault("PIP_CERT", certificates)
        kept.setdefault("REQUESTS_CA_BUNDLE", certificates)
        kept.setdefault("GIT_SSL_CAINFO", certificates)
    return kept


def system_certificates():
    """The system's list of certificates, for a pip that trusts one of its own; None where there is none."""
    # First those that `update-ca-certificates` and `update-ca-trust` write: OpenSSL's own default may be an old copy.
    places = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        ssl.get_default_verify_paths().cafile,
    ]
    return next((place for place in places if place and os.access(place, os.R_OK)), None)
