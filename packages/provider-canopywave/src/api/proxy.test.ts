import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ProxyError } from "@unitrain/core/http";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { type Answer, startProxy, startSecureServer } from "../../../core/test/http/index.ts";
import { createTestbed } from "../../test/testbed.ts";
import type { CanopyWaveOptions } from "../index.ts";

beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
  return () => void vi.unstubAllEnvs();
});

/** Plans behind a proxy with this behavior, and returns the error. */
async function planned(proxy: Parameters<typeof startProxy>[0], options: CanopyWaveOptions = {}) {
  const { host, requests } = await startProxy(proxy);
  vi.stubEnv("HTTPS_PROXY", `http://canary-user:canary-password@${host}`);
  const testbed = await createTestbed({ baseUrl: "https://api.test/v1", ...options });
  const error: unknown = await testbed.provider
    .quote({ diskBytes: 1e9 }, testbed.context)
    .catch((reason) => reason);
  expect(JSON.stringify([error, testbed.statusMessages]) + String((error as Error).stack)).not.toContain(
    "canary",
  );
  return { error: error as Error & { hint: string }, requests, host };
}

const serving = async (answer: Answer) => ({ port: await startSecureServer(() => answer) });

it.each([
  [407, "did not accept the user name and password in HTTPS_PROXY", "percent-encoded", 1],
  [403, "refused a connection to api.test:443: it answered 403", "NO_PROXY", 1],
  [502, "could not connect to api.test:443: it answered 502", "Try again", 4],
])(
  "a proxy that answers %d is named, and asked again where it helps",
  async (status, message, hint, times) => {
    const { error, requests, host } = await planned({ refusal: { status } });
    expect(error).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining(`The proxy ${host} ${message}`),
      hint: expect.stringContaining(hint),
      retryable: times > 1,
    });
    expect(requests).toHaveLength(times);
  },
);

it("the error names a proxy that hangs", async () => {
  const { error } = await planned({ hangs: true }, { timeoutMs: 300 });
  expect(error.message).toContain("did not open a connection to api.test:443 in time");
});

it.each([403, 404])(
  "a web page with %d from a proxy that inspects TLS is not taken for the API's response",
  async (status) => {
    const page = { status, body: "<html><title>Access denied</title></html>" };
    const { error, host } = await planned(await serving(page));
    expect(error).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining(`a web page, "Access denied", probably from the proxy ${host}`),
      hint: expect.stringContaining("operator of the proxy"),
    });
  },
);

it("a 403 of the API itself is not attributed to the proxy", async () => {
  const { error } = await planned(await serving({ status: 403, body: '{"error": "may not, see <title>"}' }));
  expect(error).toMatchObject({
    code: "PROVIDER_ACCESS",
    message: expect.stringContaining("answered 403: may not"),
  });
  expect(error.message).not.toContain("proxy");
});

it("the hint says how to trust a certificate that Node does not know", async () => {
  const { port } = await serving({ body: "[]" });
  setDefaultCACertificates([]);
  onTestFinished(() => setDefaultCACertificates(getCACertificates("bundled")));
  const { error } = await planned({ port });
  expect(error).toMatchObject({
    message: expect.stringContaining("the certificate is not trusted"),
    hint: expect.stringContaining("NODE_USE_SYSTEM_CA=1"),
    retryable: false,
  });
});

it("a launch that the proxy refused created nothing, so nothing is searched", async () => {
  const testbed = await createTestbed({
    fetch: async (...parameters) => {
      if (!String(parameters[0]).includes("launch")) return fetch(...parameters);
      throw new ProxyError("The proxy p:1 refused", { proxy: "p:1", hint: "Ask.", isRetryable: false });
    },
  });
  const begin = testbed.clock.now();
  await expect(testbed.rent()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", hint: "Ask." });
  expect(testbed.clock.now() - begin).toBeLessThan(60_000);
  expect(await testbed.releaseAll()).toEqual([]);
});
