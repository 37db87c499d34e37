import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { onTestFinished } from "vitest";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts an HTTPS server with a certificate for `api.test` that this process trusts. Returns its port. */
export async function startSecureServer(answer: () => Answer): Promise<number> {
  const server = createServer(certificate(), (_request, response) => {
    const { status = 200, headers = {}, body } = answer();
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

let credentials: { readonly cert: Buffer; readonly key: Buffer } | undefined;

function certificate() {
  if (credentials !== undefined) return credentials;
  const folder = mkdtempSync(join(tmpdir(), "unitrain-certificate-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const name = ["-subj", "/CN=api.test", "-addext", "subjectAltName=DNS:api.test,DNS:*.api.test"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...name, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  credentials = { cert: readFileSync(cert), key: readFileSync(key) };
  rmSync(folder, { recursive: true });
  setDefaultCACertificates([...getCACertificates("default"), credentials.cert.toString()]);
  return credentials;
}
