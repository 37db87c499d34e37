import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { createKey, type OnEnd, readPublicKey } from "../../test/keys.ts";
import { type TestServer, testServer } from "../../test/test-server.ts";
import { createSsh } from "../ssh.ts";

/** Starts an agent for the test, with these keys. */
async function agentWith(server: TestServer, keyFiles: readonly string[], onEnd: OnEnd): Promise<string> {
  const socket = join(server.root, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  onEnd(async () => void agent.kill());
  await once(agent.stdout, "data");
  for (const file of keyFiles)
    execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return socket;
}

describe.concurrent("keys for a machine that you already have", () => {
  it("are found where ssh looks, and only read", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const userKey = join(client.environment.home, ".ssh/id_ed25519");
    const options = { anyKey: true };
    await expect(client.try(options)).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining("There was no key to offer"),
    });
    await copyFile(server.keyFile, userKey);
    await client.session(options);
  });

  it("are refused when others can read them", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    await chmod(server.keyFile, 0o644);
    const sessions = () => server.pids().length;
    await expect.poll(sessions, { timeout: 10_000 }).toBeLessThanOrEqual(1);
    const listening = sessions();
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining("can be read by others (mode 644)"),
      hint: `Run \`chmod 600 ${server.keyFile}\`.`,
    });
    expect(server.log()).not.toMatch(/Failed publickey/);
    // The connection ends too, because the process would otherwise wait for the server to close it.
    await expect.poll(sessions, { timeout: 10_000 }).toBe(listening);
  });

  it("with a passphrase are left to the agent, as the error says", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const agent = await agentWith(server, [server.keyFile], onTestFinished);
    execFileSync("ssh-keygen", ["-q", "-p", "-N", "a long passphrase", "-f", server.keyFile]);
    const client = testClient(server, onTestFinished);
    await expect(client.try()).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining(`ssh-add ${server.keyFile}`),
    });
    await client.session({ environment: { agent } });
  });

  it("of an agent work without a file, and with IdentitiesOnly only the named ones are used", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, index) => createKey(server.root, `other-${index}`)),
    );
    const agent = await agentWith(server, [...others, server.keyFile], onTestFinished);
    // Each uses its own lease, because the configuration is read once per lease.
    const client = (name: string) => testClient(server, onTestFinished, name);
    const keyPath = join(server.root, "named");
    await copyFile(`${server.keyFile}.pub`, `${keyPath}.pub`);
    await rename(server.keyFile, join(server.root, "away"));
    const config = join(server.root, "ssh_config");
    const options = { sshConfigFile: config, environment: { agent }, anyKey: true };
    // Nine keys are more than a server accepts, so the named key must come first.
    await writeFile(config, `Host *\n  IdentityFile ${keyPath}\n`);
    await client("named").session(options);
    await writeFile(config, `Host *\n  IdentityFile ${keyPath}\n  IdentitiesOnly yes\n`);
    await client("only").session(options);
    await writeFile(config, `Host *\n  IdentityFile ${others[0]}\n  IdentitiesOnly yes\n`);
    await expect(client("another").try(options)).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
    await writeFile(config, "Host *\n  IdentityAgent none\n");
    await expect(client("none").try(options)).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
  });

  it("beyond the server's limit give an error with the way out", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, config: ["MaxAuthTries 2"] });
    const others = await Promise.all([1, 2, 3].map((index) => createKey(server.root, `other-${index}`)));
    const agent = await agentWith(server, [...others, server.keyFile], onTestFinished);
    const trying = testClient(server, onTestFinished).try({ anyKey: true, environment: { agent } });
    await expect(trying).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining("Too many authentication failures"),
      hint: expect.stringContaining("IdentitiesOnly yes"),
    });
  });

  it("that are refused appear in commands that reach the same machine", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const otherKey = await createKey(server.root, "other");
    const { machine, port, user, knownHostsFile } = server;
    const client = testClient(server, onTestFinished);
    await writeFile(
      join(client.environment.home, ".ssh/config"),
      `Host box\n  HostName 127.0.0.1\n  Port ${port}\n  User ${user}\n  IdentityFile ${otherKey}\n  UserKnownHostsFile ${knownHostsFile}\n`,
    );
    const connect = (name: string, to: typeof machine | { connectionKind: "ssh"; host: string }) =>
      createSsh({}, client.environment).connect(to, { ...client.context, folder: join(server.root, name) });
    await expect(connect("alias", { connectionKind: "ssh", host: "box" })).rejects.toMatchObject({
      hint: expect.stringMatching(/`ssh -o BatchMode=yes box`.*`ssh-copy-id -i \S+other.pub box`/),
    });
    await copyFile(knownHostsFile, join(client.environment.home, ".ssh/known_hosts"));
    await expect(connect("address", machine)).rejects.toMatchObject({
      hint: expect.stringContaining(`ssh -o BatchMode=yes -p ${port} ${user}@127.0.0.1`),
    });
  });

  it("that only ssh supports are listed where there is no ssh", async ({ expect, onTestFinished }) => {
    const folder = await mkdtemp("/tmp/ut-");
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const authority = await createKey(folder, "authority");
    const config = [`TrustedUserCAKeys ${authority}.pub`];
    const server = await testServer({ onEnd: onTestFinished, config });
    const signed = await createKey(server.root, "signed");
    const sign = ["-q", "-s", authority, "-I", "me", "-n", server.user, `${signed}.pub`];
    execFileSync("ssh-keygen", sign);
    const client = testClient(server, onTestFinished);
    const environment = { env: { ...client.environment.env, PATH: server.root } };
    await expect(client.try({ identityFile: signed, environment })).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining(`the certificate ${signed}-cert.pub`),
      hint: expect.stringMatching(
        /^Install OpenSSH .*plain key: .*ssh-copy-id -i ~\/.ssh\/unitrain.pub .*-p \d+/,
      ),
    });
  });

  it("that are not sufficient give an error of their own", async ({ expect, onTestFinished }) => {
    const config = ["AuthenticationMethods publickey,password", "PasswordAuthentication yes"];
    const server = await testServer({ onEnd: onTestFinished, config });
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      hint: expect.stringContaining("accepted the key and asks for password too"),
    });
  });

  it("are taken from files when the agent does not answer", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const environment = { agent: join(server.root, "no agent") };
    await client.session({ environment });
    await expect(
      client.try({ environment, identityFile: join(server.root, "no key") }),
    ).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringContaining("no key does not exist"),
    });
  });
});

describe.concurrent("the key of a lease", () => {
  it("is an ed25519 key with mode 0600, created once, and the only key that is offered", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const transport = createSsh({}, client.environment);
    const identity = await transport.identity?.(client.context);
    expect(identity?.publicKey).toMatch(/^ssh-ed25519 AAAA\S+ unitrain$/);
    expect(await transport.identity?.(client.context)).toEqual(identity);
    const file = join(client.context.folder, "id_ed25519");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----/);
    expect(execFileSync("ssh-keygen", ["-yf", file], { encoding: "utf8" })).toContain(
      identity?.publicKey.split(" ")[1],
    );
    // The server would accept the user's own key, which must not be offered to a rented machine.
    await copyFile(server.keyFile, join(client.environment.home, ".ssh/id_ed25519"));
    expect(await client.try({ machine: { trust: "lease" } })).toMatchObject({ ready: false, step: "login" });
    await server.authorize(await readPublicKey(file));
    await client.session({ machine: { trust: "lease" } });
    // Waiting cannot help in this case.
    await rm(file);
    await mkdir(file, { mode: 0o700 });
    expect(await client.try({ machine: { trust: "lease" } })).toMatchObject({
      ready: false,
      final: true,
      reason: expect.stringContaining(`${file} cannot be read`),
    });
  });
});
