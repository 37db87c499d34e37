/**
 * Options that decide how the `ssh` program connects and logs in, beyond what ssh2 supports. Options that run programs, forward ports
 * or weaken the check of host keys are not passed on.
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

/** Lists the options in the output of `ssh -G` that differ from the defaults, so that the program must be given them. */
export function listProgramOptions(settings: Settings, defaults: Settings): [name: string, value: string][] {
  return [...settings]
    .filter(
      ([name, values]) => passedOptions.has(name) && values.join("\n") !== defaults.get(name)?.join("\n"),
    )
    .flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
}
