import { once } from "node:events";
import { createServer } from "node:net";
import type { NotReady, Session } from "@unitrain/core/spec";
import ssh2 from "ssh2";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { createKey, type OnEnd, readPublicKey } from "../../test/keys.ts";
import { freePort, testServer } from "../../test/test-server.ts";
import { generateKeyPair } from "../keys/key-pair.ts";
import { makeLeaseKey } from "../keys/lease-key.ts";
import { createSsh } from "../ssh.ts";

/** Starts a server that sends this text to each client, and nothing else. */
async function saying(text: string, onEnd: OnEnd, ends = false): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(text);
    if (ends) socket.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onEnd(async () => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function expectNotReady(answer: Session | NotReady): NotReady {
  if ("ready" in answer) return answer;
  throw new Error("it is ready");
}

describe.concurrent("a machine that is not ready", () => {
  it("may have a closed port", async ({ expect, onTestFinished }) => {
    const client = testClient(await testServer({ onEnd: onTestFinished }), onTestFinished);
    const port = await freePort();
    expect(await client.try({ machine: { port } })).toEqual({
      ready: false,
      step: "tcp",
      reason: `127.0.0.1:${port} refuses connections: no SSH server listens on that port`,
    });
  });

  it("may not answer at all", async ({ expect, onTestFinished }) => {
    const client = testClient(await testServer({ onEnd: onTestFinished }), onTestFinished);
    const signal = AbortSignal.timeout(20_000);
    // An address for documentation: nothing answers, or the network is unreachable.
    const answer = expectNotReady(await client.try({ machine: { host: "192.0.2.1", port: 22 }, signal }));
    expect(answer).toMatchObject({ step: "tcp", reason: expect.stringContaining("192.0.2.1:22") });
    expect(signal.aborted).toBe(false);
  });

  it("may have an unknown name, for which waiting cannot help", async ({ expect, onTestFinished }) => {
    const client = testClient(await testServer({ onEnd: onTestFinished }), onTestFinished);
    const answer = expectNotReady(await client.try({ machine: { host: "no-such-machine.invalid" } }));
    expect(answer.step).toBe("tcp");
    expect(answer.reason).toContain("no-such-machine.invalid");
  });

  it.for([
    ["nothing", "", false, "accepts connections but has sent no SSH banner yet", undefined],
    ["goodbye", "", true, "closed the connection before its SSH banner", undefined],
    ["that it is full", "Exceeded MaxStartups\r\n", true, "accepts no more logins at the moment", undefined],
    ["that it speaks HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", true, "is not an SSH server", true],
    ["half a banner", "SSH-2.0-Op", true, "closed the connection", undefined],
  ] as const)("says %s", async ([, text, ends, reason, final], { expect, onTestFinished }) => {
    const client = testClient(await testServer({ onEnd: onTestFinished }), onTestFinished);
    const port = await saying(text, onTestFinished, ends);
    const answer = expectNotReady(await client.try({ machine: { port } }));
    expect(answer).toMatchObject({ step: "banner", reason: expect.stringContaining(reason) });
    expect(answer.final).toBe(final);
  });

  it("may share no algorithm with us", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      onEnd: onTestFinished,
      config: ["KexAlgorithms sntrup761x25519-sha512@openssh.com"],
    });
    const answer = expectNotReady(await testClient(server, onTestFinished).try());
    expect(answer).toMatchObject({
      step: "login",
      final: true,
      reason: expect.stringContaining("no SSH algorithm in common"),
    });
  });

  it("does not keep an attempt that is cancelled", async ({ expect, onTestFinished }) => {
    const client = testClient(await testServer({ onEnd: onTestFinished }), onTestFinished);
    const port = await saying("", onTestFinished);
    const trying = client.try({ machine: { port }, signal: AbortSignal.timeout(1_000) });
    expect(await trying).toMatchObject({ ready: false, reason: "the attempt was cancelled" });
  });
});

describe.concurrent("a refused login", () => {
  it("to your own machine lists the offered keys, and is final", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const wrong = await createKey(server.root, "wrong");
    await expect(testClient(server, onTestFinished).try({ identityFile: wrong })).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining(wrong),
      hint: expect.stringContaining("ssh-copy-id"),
    });
  });

  it("to a rented machine is repeated, because its key may not be installed yet", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const leaseKey = await createSsh({}, client.environment).identity?.(client.context);
    const machine = { trust: "lease" } as const;
    const answer = expectNotReady(await client.try({ machine }));
    expect(answer).toMatchObject({
      step: "login",
      reason: expect.stringContaining("refuses the login so far"),
    });
    expect(answer.final).toBeUndefined();
    await server.authorize(leaseKey?.publicKey ?? "");
    const session = await client.session({ machine });
    expect(await session.run({ argv: ["true"] }, client.context)).toMatchObject({ exitCode: 0 });
  });

  it("while the system boots is repeated, with the machine's message", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const booting = new ssh2.Server(
      {
        hostKeys: [generateKeyPair("host").private],
        banner: "System is booting up. Unprivileged users are not permitted to log in yet.\n",
      },
      (client) => {
        client.on("error", () => {});
        client.on("authentication", (context) => context.reject());
      },
    );
    booting.listen(0, "127.0.0.1");
    await once(booting, "listening");
    onTestFinished(() => void booting.close());
    const address: unknown = booting.address();
    const { port } = address as { port: number };
    const client = testClient(server, onTestFinished);
    await makeLeaseKey(client.context.folder);
    const answer = expectNotReady(await client.try({ machine: { port, trust: "lease" } }));
    expect(answer).toMatchObject({ step: "login", reason: expect.stringContaining("System is booting up") });
    expect(answer.final).toBeUndefined();
  });
});

describe("a booting machine", () => {
  it("is closed, silent, refuses and accepts, in one wait with one login", async ({
    expect,
    onTestFinished,
  }) => {
    const port = await freePort();
    const early = await testServer({ onEnd: onTestFinished });
    const client = testClient(early, onTestFinished);
    const { publicKey } = await makeLeaseKey(client.context.folder);
    const machine = { port, trust: "lease" } as const;
    const steps: string[] = [];
    const attempt = async () => {
      const answer = await client.try({ machine });
      if ("ready" in answer) steps.push(answer.step);
      return answer;
    };
    await attempt();
    const silent = createServer((socket) => void setTimeout(() => socket.destroy(), 300)).listen(
      port,
      "127.0.0.1",
    );
    await once(silent, "listening");
    await attempt();
    silent.close();
    await once(silent, "close");
    const server = await testServer({ onEnd: onTestFinished, port });
    await attempt();
    await server.authorize(publicKey);
    const session = await attempt();
    expect(steps).toEqual(["tcp", "banner", "login"]);
    if ("ready" in session) throw new Error(session.reason);
    expect(await session.run({ argv: ["echo", "up"] }, client.context)).toMatchObject({ stdout: "up\n" });
    expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
    expect(client.context.statusMessages).toContain("SSH service ready");
    expect(await readPublicKey(`${client.context.folder}/id_ed25519`)).toBe(publicKey);
  });
});
