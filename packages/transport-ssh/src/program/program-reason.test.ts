import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { createPerson } from "../../test/configured-person.ts";
import { parseLoginLog } from "./login-report.ts";
import { findProgramReason } from "./program-reason.ts";

const block = "Host box\n  HostName 127.0.0.1\n  UserKnownHostsFile ~/.ssh/known\n";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK6MM2o+WRh1xxjQOqCPp7s57J6PLJsvYDkSFUD8wdCt";

describe.concurrent("the ssh program is chosen", () => {
  it.for<[string, Readonly<Record<string, string>>, RegExp | undefined]>([
    ["an ordinary key", { config: `${block}  IdentityFile ~/.ssh/a\n`, "a.pub": key }, undefined],
    [
      "a certificate beside a key",
      { config: `${block}  IdentityFile ~/.ssh/a\n`, "a-cert.pub": "x" },
      /^the certificate .*a-cert\.pub$/,
    ],
    [
      "a certificate that is named",
      { config: `${block}  CertificateFile ~/.ssh/named\n`, named: "x" },
      /^the certificate .*named$/,
    ],
    ["a missing certificate", { config: `${block}  CertificateFile ~/.ssh/named\n` }, undefined],
    [
      "a FIDO key that is named",
      { config: `${block}  IdentityFile ~/.ssh/a\n`, "a.pub": "sk-ssh-ed25519@openssh.com AAAA" },
      /^the FIDO key .*a, which you may have to touch$/,
    ],
    [
      "one of the usual names",
      { config: block, "id_ed25519_sk.pub": "sk-ssh-ed25519@openssh.com A" },
      undefined,
    ],
    ["an authority", { config: block, known: `@cert-authority 127.* ${key}\n` }, /^the @cert-authority that/],
    ["an authority of others", { config: block, known: `@cert-authority 10.* ${key}\n` }, undefined],
    [
      "a certificate for a host on the way",
      { config: `Host box\n  ProxyJump gate\nHost gate\n  CertificateFile ~/.ssh/named\n`, named: "x" },
      /named$/,
    ],
    ["Kerberos with a ticket", { config: `${block}  GSSAPIAuthentication yes\n`, ticket: "x" }, /Kerberos/],
    ["Kerberos without a ticket", { config: `${block}  GSSAPIAuthentication yes\n` }, undefined],
  ])("for %s as it should be", async ([, files, reason], { expect, onTestFinished }) => {
    const { home, environment, resolve } = await createPerson(files, onTestFinished);
    // Replaces klist, which may or may not exist on this computer.
    const klist = join(home, "klist");
    await writeFile(klist, `#!/bin/sh\ntest -e '${home}/.ssh/ticket'\n`);
    await chmod(klist, 0o755);
    const env = { PATH: `${home}:${environment.env.PATH}`, KRB5CCNAME: join(home, "none") };
    const target = await resolve({ host: "box" });
    const found = await findProgramReason(target, { ...environment, env });
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(reason);
  });
});

describe("parseLoginLog", () => {
  it("returns a report for each host on the way, and notices that a security key was used", ({ expect }) => {
    const output = [
      "debug1: Authenticating to gate:22 as 'me'",
      "debug1: Server host key: ssh-ed25519 SHA256:first",
      "debug1: Offering public key: /k ED25519 SHA256:a agent",
      'Authenticated to gate ([192.0.2.1]:22) using "publickey".',
      "debug1: Authenticating to box:22 as 'me'",
      "debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:second, serial 0",
      "debug1: Server accepts key: /k_sk ED25519-SK SHA256:b authenticator agent",
      "me@box: Permission denied (publickey,keyboard-interactive).",
    ].join("\n");
    expect(parseLoginLog(output)).toMatchObject([
      { hostKey: { kind: "ED25519", fingerprint: "SHA256:first" }, isAuthenticated: true, usedFido: false },
      {
        hostKey: { kind: "ED25519", fingerprint: "SHA256:second" },
        isAuthenticated: false,
        usedFido: true,
        refusedWith: ["publickey", "keyboard-interactive"],
        lastMessage: "me@box: Permission denied (publickey,keyboard-interactive).",
      },
    ]);
  });
});
