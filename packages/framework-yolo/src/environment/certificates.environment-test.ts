import { execFileSync } from "node:child_process";
import { createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn, explainFinished } from "../../test/bare-machine.ts";
import { write } from "../../test/drawn-set.ts";

const machine = createBareMachines();
const timeout = 120_000;
const canMount = process.platform === "linux" && process.getuid?.() === 0;

/** The error after a trusted connection: this index has no Ultralytics. */
const pastTheCertificate = /^(?:A requested package|There is no such version)/;

/** A package index with an unknown certificate, like that of a proxy that inspects TLS. It has no packages except uv. */
describe("a package index behind a proxy that inspects TLS", { timeout }, () => {
  const folder = machine.emptyFolder();
  const authority = join(folder, "authority.pem");
  const certificate = join(folder, "index.pem");
  const key = join(folder, "index.key");
  let wheel = "";
  let index = "";
  const server = () =>
    createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, ({ url = "" }, response) => {
      const name = wheel.split("/").at(-1) ?? "";
      response.setHeader("Content-Type", url.startsWith("/simple") ? "text/html" : "application/zip");
      if (url.startsWith("/simple/uv")) response.end(`<a href="/wheels/${name}">${name}</a>`);
      else if (url === `/wheels/${name}`) createReadStream(wheel).pipe(response);
      else response.writeHead(404).end();
    });
  let listening: ReturnType<typeof server>;

  beforeAll(async () => {
    const openssl = (...words: readonly string[]) => execFileSync("openssl", words, { stdio: "ignore" });
    const fresh = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    const authorityKey = join(folder, "authority.key");
    openssl(...fresh, "-keyout", authorityKey, "-out", authority, "-subj", "/CN=proxy");
    const extensions = ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"];
    const signed = [
      "-CA",
      authority,
      "-CAkey",
      authorityKey,
      ...extensions.flatMap((extension) => ["-addext", extension]),
    ];
    openssl(...fresh, "-keyout", key, "-out", certificate, "-subj", "/CN=index", ...signed);
    const wheels = join(folder, "wheels");
    execFileSync(machine.python, ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, "uv"]);
    wheel = join(wheels, execFileSync("ls", [wheels], { encoding: "utf8" }).trim());
    listening = server().listen(0, "127.0.0.1");
    await new Promise((resolve) => listening.once("listening", resolve));
    index = `https://127.0.0.1:${(listening.address() as AddressInfo).port}/simple`;
  }, timeout);

  afterAll(() => void listening.close());

  /** Runs an installation with these variables, and without this computer's settings for certificates. */
  async function install(env: Readonly<Record<string, string>>, prefix: readonly string[] = []) {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const unset =
      "unset SSL_CERT_FILE SSL_CERT_DIR PIP_CERT REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_FIND_LINKS";
    const script = `${unset}; export ${Object.entries(env)
      .map(([name, value]) => `${name}='${value}'`)
      .join(" ")}; exec "$@"`;
    const argv = [...prefix, "/bin/sh", "-c", script, "sh", ...environment.install.argv];
    const variables = {
      PIP_INDEX_URL: index,
      UV_DEFAULT_INDEX: index,
      PIP_CONFIG_FILE: "/dev/null",
      UV_NO_CONFIG: "1",
    };
    const done = await machine.run(argv, { PATH: machine.path({ python3: machine.python }), ...variables });
    return explainFinished(environment, done);
  }

  it("is reported as a certificate error", async () => {
    expect(await install({ LANG: "C" })).toContain("does not trust the certificate of its package index");
  });

  it("is reached with SSL_CERT_FILE, by pip and by uv", async () => {
    expect(await install({ SSL_CERT_FILE: authority })).toMatch(pastTheCertificate);
  });

  it.runIf(canMount)("is reached when the machine's own list knows the certificate", async () => {
    const system = "/etc/ssl/certs/ca-certificates.crt";
    const both = write(
      join(folder, "system.pem"),
      readFileSync(system, "utf8") + readFileSync(authority, "utf8"),
    );
    const mount = `mount --bind '${both}' ${system} && exec "$@"`;
    const prefix = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", `PATH=/usr/bin:/bin; ${mount}`, "sh"];
    expect(await install({ PATH: `${machine.path({ python3: machine.python })}` }, prefix)).toMatch(
      pastTheCertificate,
    );
  });
});
