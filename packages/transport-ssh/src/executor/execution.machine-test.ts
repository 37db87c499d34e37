import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { bothLoginWays } from "../../test/login-ways.ts";
import { runToEnd } from "../../test/run-to-end.ts";
import { testServer } from "../../test/test-server.ts";

function* noise(megabytes: number) {
  const block = randomBytes(1024 * 1024);
  for (let done = 0; done < megabytes; done += 1) yield block;
}

describe.concurrent.for(bothLoginWays)("a command over %s", ([, options]) => {
  it("returns its exit code or its signal", async ({ expect, onTestFinished }) => {
    const server = await testServer({ ...options, onEnd: onTestFinished });
    const executor = await testClient(server, onTestFinished).executor();
    expect(await runToEnd(executor, "echo out; echo err >&2; exit 42")).toMatchObject({
      stdout: Buffer.from("out\n"),
      stderr: Buffer.from("err\n"),
      exit: { code: 42 },
    });
    expect(await runToEnd(executor, "kill -KILL $$")).toMatchObject({ exit: { signal: "SIGKILL" } });
    expect(await runToEnd(executor, "cat", { stdin: Buffer.from("in") })).toMatchObject({
      stdout: Buffer.from("in"),
    });
  });

  it("delivers 50 MB on each of stdout and stderr to a slow reader", { timeout: 60_000 }, async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ ...options, onEnd: onTestFinished });
    const executor = await testClient(server, onTestFinished).executor();
    const { stdout, stderr, exit } = await executor.exec(
      "head -c 50000000 /dev/zero & head -c 50000000 /dev/zero >&2; wait",
    );
    const slowly = async (stream: Readable) => {
      let bytes = 0;
      let chunks = 0;
      for await (const chunk of stream) {
        bytes += chunk.length;
        chunks += 1;
        if (chunks % 100 === 0) await sleep(5);
      }
      return bytes;
    };
    // Reads one after the other, because an unread stream must not block the other one.
    expect(await Promise.all([slowly(stdout), sleep(500).then(() => slowly(stderr))])).toEqual([
      50_000_000, 50_000_000,
    ]);
    expect(await exit).toEqual({ code: 0 });
  });

  it("reports why a machine stopped reading an upload", async ({ expect, onTestFinished }) => {
    const server = await testServer({ ...options, onEnd: onTestFinished });
    const executor = await testClient(server, onTestFinished).executor();
    const source = Readable.from(noise(500), { objectMode: false });
    const { exit, stderr } = await runToEnd(executor, "head -c 5000000 >/dev/null; echo enough >&2; exit 9", {
      stdin: source,
    });
    expect(exit).toEqual({ code: 9 });
    expect(stderr.toString()).toBe("enough\n");
    expect(source.destroyed).toBe(true);
  });

  it("has no process on the machine after we ended it, and frees its session", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({
      user: "trainer",
      ...options,
      onEnd: onTestFinished,
      config: ["MaxSessions 1"],
    });
    const executor = await testClient(server, onTestFinished).executor({ connections: 1 });
    const ending = new AbortController();
    const { stdout, exit } = await executor.exec("echo $$; exec sleep 1234", { signal: ending.signal });
    const pid = Number(String(await new Promise((resolve) => stdout.once("data", resolve))));
    expect(pid).toBeGreaterThan(1);
    ending.abort();
    expect(await exit).toEqual({ lostReason: "we ended it" });
    await expect
      .poll(async () => (await runToEnd(executor, `kill -0 ${pid}`)).exit, { timeout: 10_000 })
      .toEqual({ code: 1 });
  });

  it("does not share streams with concurrent commands", async ({ expect, onTestFinished }) => {
    const server = await testServer({ ...options, onEnd: onTestFinished });
    const executor = await testClient(server, onTestFinished).executor();
    await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const { stdout, exit } = await runToEnd(executor, `yes ${number} | head -n 50000`);
        expect(stdout.toString()).toBe(`${number}\n`.repeat(50_000));
        expect(exit).toEqual({ code: 0 });
      }),
    );
  });
});

describe.concurrent("many bytes over ssh", () => {
  it.for([
    [40, "ssh2, chacha20-poly1305@openssh.com", ["Ciphers chacha20-poly1305@openssh.com"], false],
    [40, "ssh2, aes256-ctr", ["Ciphers aes256-ctr", "MACs hmac-sha2-512"], false],
    [40, "ssh2, aes128-gcm@openssh.com", ["Ciphers aes128-gcm@openssh.com"], false],
    [200, "ssh2, with new keys after each megabyte", ["RekeyLimit 1M"], false],
    [20, "the ssh program, with new keys after each megabyte", ["RekeyLimit 1M"], true],
  ] as const)(
    "%i MB there and as much back are the same through %s",
    { timeout: 120_000 },
    async ([megabytes, , config, certificate], { expect, onTestFinished }) => {
      const server = await testServer({ onEnd: onTestFinished, config, certificate });
      const executor = await testClient(server, onTestFinished).executor();
      const sent = createHash("sha256");
      const source = function* () {
        for (const block of noise(megabytes)) {
          sent.update(block);
          yield block;
        }
      };
      const { stdout, stderr, exit } = await executor.exec("exec 3>&1; tee /proc/self/fd/3 | sha256sum >&2", {
        stdin: Readable.from(source(), { objectMode: false }),
      });
      const received = createHash("sha256");
      const errorOutput = stderr.toArray();
      for await (const chunk of stdout) received.update(chunk);
      const hash = sent.digest("hex");
      expect(received.digest("hex")).toBe(hash);
      expect(
        Buffer.concat(await errorOutput)
          .toString()
          .slice(0, 64),
      ).toBe(hash);
      expect(await exit).toEqual({ code: 0 });
    },
  );
});
