import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect, promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { startProxy } from "../../test/http/proxy.ts";
import { startSecureServer } from "../../test/http/secure-server.ts";
import { getProxy, proxyFetch } from "./index.ts";
import { listProxyPasswords } from "./proxy-variables.ts";

const url = "https://api.test/machines";

beforeEach(() => {
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
});
afterEach(() => void vi.unstubAllEnvs());

const server = () => startSecureServer(() => ({ body: "from the server" }));

describe("the choice of the proxy", () => {
  it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])("%s applies to https", async (name) => {
    const proxy = await startProxy({ port: await server() });
    vi.stubEnv(name, `http://${proxy.host}`);
    const response = await proxyFetch(url);
    expect(await response.text()).toBe("from the server");
    expect(getProxy(response)).toBe(proxy.host);
    expect(proxy.requests).toEqual(["CONNECT api.test:443"]);
  });

  it("takes a value without a scheme as http, and prefers lower-case names", async () => {
    const proxy = await startProxy({ port: await server() });
    vi.stubEnv("https_proxy", proxy.host);
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:9");
    expect((await proxyFetch(url)).status).toBe(200);
    expect(proxy.requests).toHaveLength(1);
  });

  it("forwards a plain request through HTTP_PROXY without a tunnel", async () => {
    const plain = createServer((_request, response) => response.end("plain"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void plain.close().closeAllConnections());
    const proxy = await startProxy({ port: (plain.address() as AddressInfo).port });
    vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
    expect(await (await proxyFetch("http://api.test/x")).text()).toBe("plain");
    expect(proxy.requests).toEqual(["GET http://api.test/x"]);
  });

  it("never uses a proxy for this computer", async () => {
    const plain = createServer((_request, response) => response.end("here"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void plain.close().closeAllConnections());
    const proxy = await startProxy({});
    vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
    const response = await proxyFetch(`http://127.0.0.1:${(plain.address() as AddressInfo).port}`);
    expect(await response.text()).toBe("here");
    expect([getProxy(response), proxy.requests]).toEqual([undefined, []]);
  });

  it.each(["api.test", "other.test, api.test:443", ".test", "*.test", "test", "API.TEST", "*"])(
    "NO_PROXY=%s excludes api.test",
    async (noProxy) => {
      const proxy = await startProxy({ port: await server() });
      vi.stubEnv("HTTPS_PROXY", `http://${proxy.host}`);
      vi.stubEnv("NO_PROXY", noProxy);
      // The host does not exist, so a direct connection fails.
      await expect(proxyFetch(url)).rejects.toThrow("fetch failed");
      expect(proxy.requests).toEqual([]);
    },
  );

  it.each(["api.test:8443", "pi.test", "api.test.example", ""])(
    "NO_PROXY=%s does not exclude api.test",
    async (noProxy) => {
      const proxy = await startProxy({ port: await server() });
      vi.stubEnv("HTTPS_PROXY", `http://${proxy.host}`);
      vi.stubEnv("no_proxy", noProxy);
      expect((await proxyFetch(url)).status).toBe(200);
      expect(proxy.requests).toHaveLength(1);
    },
  );

  it("sends percent-decoded credentials to the proxy", async () => {
    const proxy = await startProxy({ port: await server() });
    vi.stubEnv("HTTPS_PROXY", `http://ann:p%40ss@${proxy.host}`);
    expect((await proxyFetch(url)).status).toBe(200);
    expect(proxy.logins).toEqual([`Basic ${Buffer.from("ann:p@ss").toString("base64")}`]);
  });
});

describe("a failure of the proxy", () => {
  const failing = async (behavior: Parameters<typeof startProxy>[0], login = "", target = url) => {
    const patienceMs = behavior.hangs ? 300 : 20_000;
    const proxy = await startProxy(behavior);
    vi.stubEnv("HTTP_PROXY", `http://${login}${proxy.host}`);
    const error: unknown = await proxyFetch(target, { signal: AbortSignal.timeout(patienceMs) }).catch(
      (e) => e,
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|Y2FuYXJ5/);
    return { error, host: proxy.host };
  };

  it.each([url, "http://api.test/x"])("407 for %s says how to set a user and password", async (target) => {
    const { error, host } = await failing({ refusal: { status: 407 } }, "", target);
    expect(error).toMatchObject({
      name: "ProxyError",
      message: `The proxy ${host} requires a user name and password (407)`,
      hint: expect.stringContaining(`Set HTTP_PROXY=http://<user>:<password>@${host}`),
      isRetryable: false,
    });
  });

  it.each([url, "http://api.test/x"])(
    "407 for %s with a password says that it is refused",
    async (target) => {
      const { error } = await failing({ refusal: { status: 407 } }, "canary-user:canary-password@", target);
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^The proxy \S+ did not accept the user name and password in HTTP_PROXY/,
        ),
      });
    },
  );

  it("407 without a supported scheme names programs that help", async () => {
    const headers = { "Proxy-Authenticate": "Negotiate, NTLM" };
    const { error } = await failing({ refusal: { status: 407, headers } });
    expect(error).toMatchObject({ hint: expect.stringContaining("px or cntlm") });
  });

  it.each([
    [403, false, "refused a connection to api.test:443: it answered 403"],
    [302, false, "refused a connection to api.test:443: it answered 302"],
    [502, true, "could not connect to api.test:443: it answered 502"],
    [503, true, "could not connect to api.test:443: it answered 503"],
  ])("%d with a web page is an error with isRetryable: %s", async (status, isRetryable, message) => {
    const { error } = await failing({ refusal: { status } });
    expect(error).toMatchObject({
      status,
      isRetryable,
      message: expect.stringContaining(message),
      hint: expect.stringContaining("NO_PROXY"),
    });
  });

  it("that hangs is an error", async () => {
    const { error } = await failing({ hangs: true });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^The proxy \S+ \(HTTP_PROXY\) did not open a connection to api\.test:443/,
      ),
      isRetryable: true,
    });
  });

  it.each([url, "http://api.test/x"])("that refuses connections is an error for %s", async (target) => {
    const { host } = await startProxy({});
    const port = await unusedPort();
    vi.stubEnv("HTTP_PROXY", `http://canary-user:canary-password@127.0.0.1:${port}`);
    expect(host).not.toContain(port);
    const error: unknown = await proxyFetch(target).catch((reason) => reason);
    expect(error).toMatchObject({
      message: `Cannot connect to the proxy 127.0.0.1:${port} (HTTP_PROXY): connection refused`,
      isRetryable: true,
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
  });

  it("whose name does not exist is an error", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://proxy.invalid:3128");
    await expect(proxyFetch(url)).rejects.toThrow(
      /^Cannot connect to the proxy proxy.invalid:3128 .* resolved/,
    );
  });

  it.each([
    "socks5://canary:1080",
    "http://canary:canary@",
    "http://u:%E0%canary@proxy",
    "http://canary:999999",
  ])("with the invalid address %s does not show the address", async (value) => {
    vi.stubEnv("https_proxy", value);
    const error: unknown = await proxyFetch(url).catch((reason) => reason);
    expect(error).toMatchObject({
      message: "The value of https_proxy is not the address of an HTTP proxy",
      isRetryable: false,
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
  });
});

it("an error status of the server is not an error of the proxy", async () => {
  const port = await startSecureServer(() => ({ status: 403, body: '{"error": "no"}' }));
  const proxy = await startProxy({ port });
  vi.stubEnv("HTTPS_PROXY", `http://${proxy.host}`);
  expect((await proxyFetch(url)).status).toBe(403);
});

it("redirects can be refused", async () => {
  const port = await startSecureServer(() => ({ status: 302, headers: { location: "/x" }, body: "" }));
  const proxy = await startProxy({ port });
  vi.stubEnv("HTTPS_PROXY", `http://${proxy.host}`);
  const error = await proxyFetch(url, { redirect: "error" }).catch((reason: Error) => reason);
  expect(inspect(error)).toContain("redirect");
});

it("a reusable tunnel does not keep the process alive", async () => {
  const proxy = await startProxy({ port: await server() });
  const program = `import { proxyFetch } from "@unitrain/core/http";
    console.log(await (await proxyFetch("${url}")).text());`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@unitrain/source", "--input-type=module", "--eval", program],
    {
      cwd: import.meta.dirname,
      env: { ...process.env, HTTPS_PROXY: `http://${proxy.host}`, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      timeout: 30_000,
    },
  );
  expect(stdout).toBe("from the server\n");
});

it.each([
  ["http://ann:canary-1@proxy:3128", ["canary-1", "canary-1"]],
  ["ann:c%40nary@proxy", ["c%40nary", "c@nary"]],
  ["http://ann:100%@proxy", ["100%", "100%"]],
  ["http://ann:%E0%41@proxy", ["%E0%41", "%E0%41"]],
  ["http://proxy:3128/a:b@c", []],
])("listProxyPasswords finds the password in %s", (value, passwords) => {
  expect(listProxyPasswords({ https_proxy: value })).toEqual(passwords);
});

async function unusedPort(): Promise<number> {
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  await new Promise((resolve) => listening.close(resolve));
  return port;
}
