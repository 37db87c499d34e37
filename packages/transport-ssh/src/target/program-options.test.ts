import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { createPerson } from "../../test/configured-person.ts";
import { buildConfigText } from "./config-text.ts";

const run = promisify(execFile);

const options = [
  "AddressFamily inet",
  "BindAddress 127.0.0.1",
  "CASignatureAlgorithms ssh-ed25519",
  "Ciphers aes256-gcm@openssh.com,aes128-ctr",
  "Compression yes",
  "GSSAPIAuthentication yes",
  "GSSAPIDelegateCredentials yes",
  "HostbasedAcceptedAlgorithms ssh-ed25519",
  "HostbasedAuthentication yes",
  "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519",
  "IPQoS af21 cs1",
  "KbdInteractiveAuthentication no",
  "KexAlgorithms curve25519-sha256",
  "MACs hmac-sha2-512",
  "PasswordAuthentication no",
  'PKCS11Provider "/opt/my token/lib.so"',
  "PreferredAuthentications publickey,keyboard-interactive",
  "PubkeyAcceptedAlgorithms ssh-ed25519",
  "PubkeyAuthentication unbound",
  "RekeyLimit 64M 1h",
  "RequiredRSASize 3072",
  'RevokedHostKeys "/etc/my revoked"',
  'SecurityKeyProvider "/opt/my key/lib.so"',
];

describe("options for the ssh program", () => {
  it("have the same effect in our configuration as in the user's", async ({ expect, onTestFinished }) => {
    const config = `Host box\n  HostName 127.0.0.1\n  ${options.join("\n  ")}\n`;
    const { home, resolve, environment } = await createPerson({ config }, onTestFinished);
    const dump = async (file: string, host: string) => {
      const { stdout } = await run("ssh", ["-F", file, "-G", host], { env: environment.env });
      return stdout.split("\n");
    };
    const theirs = await dump(join(home, ".ssh/config"), "box");
    const defaults = await dump("none", "box");
    const target = await resolve({ host: "box" });
    const ours = join(home, "ours");
    await writeFile(ours, buildConfigText(target, "machine"));
    const isOption = (line: string) =>
      options.some((option) => line.startsWith(`${option.split(" ")[0]?.toLowerCase()} `));
    const changed = theirs.filter((line) => isOption(line) && !defaults.includes(line));
    expect(changed.length).toBeGreaterThan(options.length - 3);
    expect((await dump(ours, "machine")).filter((line) => changed.includes(line))).toEqual(changed);
  });
});
