import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { type FaultName, faultNames, faults } from "@unitrain/cloud-emulator/canopywave";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createTestbed } from "../../test/testbed.ts";
import { canopywave } from "../index.ts";

const request = { diskBytes: 1e9 };

/** Returns everything of an error that could be printed. */
function printed(error: unknown): string {
  const texts = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)];
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    texts.push(cause.message, cause.stack ?? "");
  return texts.join("\n");
}

describe("the API key", () => {
  it("is read at the first call, from the option or the variable, and registered as a secret", async () => {
    const testbed = await createTestbed({ apiKey: undefined });
    vi.stubEnv("CANOPYWAVE_API_KEY", testbed.emulator.apiKey);
    onTestFinished(() => void vi.unstubAllEnvs());
    await testbed.provider.quote(request, testbed.context);
    expect([...testbed.secrets]).toEqual([testbed.emulator.apiKey]);
  });

  it("is named by option and variable in the error when it is missing", async () => {
    vi.stubEnv("CANOPYWAVE_API_KEY", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const testbed = await createTestbed({ apiKey: undefined });
    await expect(testbed.provider.quote(request, testbed.context)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
      message: expect.stringMatching(/apiKey.*CANOPYWAVE_API_KEY/),
    });
    expect(testbed.emulator.events()).toEqual([]);
  });

  // A key with a line end or a control character must be rejected without repeating it.
  it.each([
    "cw_canary-1\n",
    "cw_\u0007canary-1",
    "cw_canary-1 x",
    "\u001b[31mcw_canary-1",
    "cw_canary-1\u00e9",
  ])("%j is refused, and not shown", async (apiKey) => {
    const testbed = await createTestbed({ apiKey });
    const error = await testbed.provider.quote(request, testbed.context).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "PROVIDER_ACCESS",
      message: expect.stringMatching(/apiKey.*CANOPYWAVE_API_KEY/),
    });
    expect(printed(error)).not.toContain("canary");
    expect(testbed.emulator.events()).toEqual([]);
  });

  it("is neither in the error of a refused option nor in the recipe", () => {
    const wrong = { apiKey: "cw_canary-1", baseUrl: 5, "cw_canary-2": 1 } as object;
    let error: unknown;
    try {
      canopywave(wrong);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
    expect(printed(error)).not.toContain("cw_canary-1");
    const { recipe } = canopywave({
      apiKey: "cw_canary-1",
      fetch,
      now: Date.now,
      gpu: "H100:2",
      baseUrl: "http://127.0.0.1:9/api/",
    });
    expect(recipe).toEqual({
      module: "@unitrain/provider-canopywave",
      exportName: "canopywave",
      options: { gpu: "H100:2", baseUrl: "http://127.0.0.1:9/api" },
      secrets: ["CANOPYWAVE_API_KEY"],
    });
    expect(canopywave(JSON.parse(JSON.stringify(recipe?.options))).recipe).toEqual(recipe);
    expect(inspect(canopywave({ apiKey: "cw_canary-1" }), { depth: 9, showHidden: true })).not.toContain(
      "canary",
    );
  });

  it.each(faultNames.filter((name) => faults[name].calls === "any" && name !== "slow-answer"))(
    "is in no error when every call fails with %s",
    async (fault) => {
      const testbed = await createTestbed(patience(fault));
      // It may also fail by the short timeout: that error is checked as well.
      const rented = await testbed.rent().then(() => "", printed);
      testbed.emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
      const { provider, context } = testbed;
      const errors = await Promise.all(
        [
          provider.quote(request, context),
          provider.offers?.(context),
          provider.list?.(context),
          provider.getMachineState(testbed.resources(), context),
          provider.release(testbed.resources(), { ...context, wait: shortly(testbed) }),
        ].map((call) => Promise.resolve(call).then(printed, printed)),
      );
      for (const text of [...errors, rented]) expect(text).not.toContain(testbed.emulator.apiKey.slice(3));
      expect(testbed.statusMessages.join()).not.toContain(testbed.emulator.apiKey.slice(3));
    },
  );

  it("is masked where a server quotes it, even interrupted by escape codes", async () => {
    const testbed = await createTestbed({ fetch: async () => quoting(testbed.emulator.apiKey) });
    const error = await testbed.provider.quote(request, testbed.context).catch((reason: unknown) => reason);
    expect(printed(error)).toContain("[secret]");
    expect(printed(error)).not.toContain(testbed.emulator.apiKey);
  });
});

describe("the URL of the API", () => {
  // The key must never be sent to another host, or over plain HTTP.
  it.each([
    "http://cloud-api.canopywave.io/api/v1",
    "http://127.0.0.1.example.com",
    "http://10.0.0.1/",
    "ftp://127.0.0.1",
    "x",
    "https://me:cw_canary-1@host/",
  ])("%s is refused before anything is sent", (baseUrl) => {
    let error: unknown;
    try {
      canopywave({ apiKey: "cw_canary-1", baseUrl });
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({
      code: "INVALID_OPTIONS",
      hint: expect.stringContaining("CANOPYWAVE_BASE_URL"),
    });
    expect(printed(error)).not.toContain("canary");
  });

  it.each(["https://example.com/v1", "http://localhost:1/", "http://[::1]:1", "http://127.3.2.1"])(
    "may be %s",
    (baseUrl) => {
      expect(() => canopywave({ baseUrl })).not.toThrow();
    },
  );

  it("is stored in the recipe with SSH port and user, so that another process reaches the same machines", () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("CANOPYWAVE_SSH_USER", "me");
    vi.stubEnv("CANOPYWAVE_SSH_PORT", "2222");
    expect(canopywave().recipe?.options).toMatchObject({ sshUser: "me", sshPort: 2222 });
    expect(canopywave({ sshPort: 23 }).recipe?.options).toMatchObject({ sshUser: "me", sshPort: 23 });
    vi.stubEnv("CANOPYWAVE_SSH_PORT", "no number");
    expect(() => canopywave()).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
  });

  it("is stored in the recipe when it comes from CANOPYWAVE_BASE_URL", () => {
    vi.stubEnv("CANOPYWAVE_BASE_URL", "http://127.0.0.1:5/x");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(canopywave().recipe?.options).toEqual({ baseUrl: "http://127.0.0.1:5/x" });
  });

  it("must not redirect to another host, which receives nothing", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "redirect-elsewhere", times: Number.POSITIVE_INFINITY });
    await expect(testbed.provider.quote(request, testbed.context)).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("redirect"),
    });
    expect(testbed.emulator.unexpectedRequests()).toEqual([]);
  });
});

describe("a response", () => {
  it.each<[FaultName, string]>([
    ["huge-body", "more than 8 MiB"],
    ["endless-body", "more than 8 MiB"],
    ["no-answer", "no answer within 0.2 s"],
    ["html-with-200", 'no JSON but a web page, "502 Bad Gateway"'],
    ["server-error-html", 'answered 502: a web page, "502 Bad Gateway"'],
    ["server-error-empty", "answered 503: an empty answer"],
    ["error-with-200", "answered 200: Something went wrong"],
    ["error-as-message", "The request was refused (message)"],
    ["error-as-detail", "The request was refused (detail)"],
    ["error-as-msg", "The request was refused (msg)"],
    // Messages of the API may contain escape codes.
    ["escape-codes-in-error", "Refused: red"],
  ])("%s: %s", async (fault, message) => {
    const testbed = await createTestbed(patience(fault));
    testbed.emulator.inject({ fault, times: Number.POSITIVE_INFINITY, calls: ["projects"] });
    const error = await testbed.provider.quote(request, testbed.context).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not occur.
    expect((error as Error).message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it("gives names without escape codes", async () => {
    const testbed = await createTestbed({ flavor: "H100-9" });
    testbed.emulator.inject({
      fault: "escape-codes",
      times: Number.POSITIVE_INFINITY,
      calls: ["instance-types"],
    });
    const error = await testbed.provider.quote(request, testbed.context).catch((reason: unknown) => reason);
    expect(JSON.stringify(error)).not.toMatch(/\\u001b|\\u0007|\u202e/);
    const offers = await testbed.provider.offers?.(testbed.context);
    expect(JSON.stringify(offers)).not.toMatch(/\\u001b|\\u0007|\u202e/);
  });

  it("with an endless slow body ends with the timeout", async () => {
    const server = createServer((_request, response) => {
      const timer = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const testbed = await createTestbed({ baseUrl, timeoutMs: 200 });
    await expect(testbed.provider.quote(request, testbed.context)).rejects.toMatchObject({
      message: expect.stringContaining("no answer within 0.2 s"),
    });
  });

  it("of 429 with Retry-After pauses all calls, with a limit", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "rate-limited", ms: 30_000 });
    const begin = testbed.clock.now();
    await testbed.provider.quote(request, testbed.context);
    expect(testbed.clock.now() - begin).toBeGreaterThanOrEqual(30_000);
    testbed.emulator.inject({ fault: "rate-limited", ms: 86_400_000, times: Number.POSITIVE_INFINITY });
    const later = testbed.clock.now();
    await expect(testbed.provider.quote(request, testbed.context)).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      hint: expect.stringContaining("fewer requests"),
    });
    expect(testbed.clock.now() - later).toBeLessThan(300_000);
  });

  it("is requested at most ten times a second", async () => {
    const testbed = await createTestbed({ region: undefined });
    const begin = testbed.clock.now();
    for (let round = 0; round < 5; round += 1) await testbed.provider.offers?.(testbed.context);
    const requests = testbed.emulator.events().length;
    expect((requests - 10) / ((testbed.clock.now() - begin) / 1000)).toBeLessThanOrEqual(10);
  });

  it("that is aborted throws the reason of the signal", async () => {
    const testbed = await createTestbed();
    const reason = new Error("over");
    await expect(
      testbed.provider.quote(request, { ...testbed.context, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

/** A short timeout only where nothing else ends the call, because a busy computer may be slow. */
function patience(fault: FaultName) {
  return fault === "no-answer" || fault === "dripping-body" ? { timeoutMs: 200 } : {};
}

/** Ends a call soon that would retry for its whole timeout. */
function shortly({ context, clock }: Awaited<ReturnType<typeof createTestbed>>) {
  return (ms: number) => {
    clock.advance(20_000);
    return context.wait(ms);
  };
}

function quoting(key: string): Response {
  const half = Math.floor(key.length / 2);
  const error = `bad key ${key} and ${key.slice(0, half)}\u001b[31m${key.slice(half)}`;
  return Response.json({ error }, { status: 400 });
}
