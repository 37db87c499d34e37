/**
 * Options that decide how the `ssh` program speaks with a host and logs in, beyond what ssh2 knows of. Not among them: what would run
 * programs, forward ports, or loosen the check of host keys.
 */
const passedOptions: ReadonlySet<string> = new Set([
  "addressfamily",
  "bindaddress",
  "bindinterface",
  "casignaturealgorithms",
  "ciphers",
  "compression",
  "gssapiauthentication",
  "gssapiclientidentity",
  "gssapidelegatecredentials",
  "gssapikexalgorithms",
  "gssapikeyexchange",
  "gssapirenewalforcesrekey",
  "gssapiserveridentity",
  "gssapitrustdns",
  "hostbasedacceptedalgorithms",
  "hostbasedauthentication",
  "hostkeyalgorithms",
  "ipqos",
  "kbdinteractiveauthentication",
  "kbdinteractivedevices",
  "kexalgorithms",
  "macs",
  "passwordauthentication",
  "pkcs11provider",
  "preferredauthentications",
  "pubkeyacceptedalgorithms",
  "pubkeyauthentication",
  "rekeylimit",
  "requiredrsasize",
  "revokedhostkeys",
  "securitykeyprovider",
]);

type Settings = ReadonlyMap<string, readonly string[]>;

/** Of what `ssh -G` prints, the options that the program must be given again: those that are not its defaults. */
export function listProgramOptions(settings: Settings, defaults: Settings): [name: string, value: string][] {
  return [...settings]
    .filter(
      ([name, values]) => passedOptions.has(name) && values.join("\n") !== defaults.get(name)?.join("\n"),
    )
    .flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
}
