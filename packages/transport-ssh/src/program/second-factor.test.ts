import { describe, it } from "vitest";
import { createAnsweringPerson } from "../../test/answering-person.ts";
import { testClient } from "../../test/client.ts";
import { isRoot, testServer } from "../../test/test-server.ts";
import { createSsh } from "../ssh.ts";

const logins = (log: string) => log.match(/Connection from/g)?.length ?? 0;

// Only root can configure PAM rules for sshd. The tests run one after the other, because this process is blocked while ssh asks.
describe.runIf(isRoot)("a machine that asks for more than a key", () => {
  it.for([false, true])(
    "asks the person once for all commands of a run (certificate: %s)",
    async (certificate, { expect, onTestFinished }) => {
      const server = await testServer({ onEnd: onTestFinished, asksFor: "123456", certificate });
      const client = testClient(server, onTestFinished);
      const person = await createAnsweringPerson("123456", server, client);
      const session = await client.session({ environment: person.environment });
      for (let count = 0; count < 12; count += 1) {
        expect(await session.run({ argv: ["echo", "in"] }, client.context)).toMatchObject({ stdout: "in\n" });
      }
      expect(await person.questions()).toHaveLength(1);
      expect(client.context.statusMessages).toContainEqual(expect.stringContaining("asks for your input"));
      expect(session.loginNeedsPerson).toBe("an answer at the terminal");
    },
  );

  it("is refused without a terminal, and the error says what is missing", async ({
    expect,
    onTestFinished,
  }) => {
    for (const certificate of [false, true]) {
      const server = await testServer({ onEnd: onTestFinished, asksFor: "123456", certificate });
      await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
        code: "LOGIN_REFUSED",
        hint: expect.stringMatching(/asks for keyboard-interactive too.* at a terminal/),
      });
    }
  });

  it("refuses a wrong answer with the message of ssh", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, asksFor: "123456" });
    const client = testClient(server, onTestFinished);
    const { environment } = await createAnsweringPerson("654321", server, client);
    await expect(client.try({ environment })).rejects.toMatchObject({
      code: "LOGIN_NEEDS_PERSON",
      message: expect.stringContaining("Permission denied (keyboard-interactive)"),
      hint: expect.stringContaining("Try again"),
    });
  });

  it("is not tried by a process that cannot ask, nor twice by one that has asked", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished, asksFor: "123456" });
    const client = testClient(server, onTestFinished);
    const person = await createAnsweringPerson("123456", server, client);
    const { keyFile: identityFile, knownHostsFile, machine } = server;
    const connect = (canAsk: boolean) => {
      const environment = { ...client.environment, ...person.environment, canAsk };
      const transport = createSsh({ identityFile, knownHostsFile }, environment);
      return async () => {
        const session = await transport.connect(machine, client.context);
        if ("ready" in session) throw new Error(session.reason);
        onTestFinished(() => Promise.resolve(session[Symbol.asyncDispose]()));
      };
    };
    const person1 = connect(true);
    await person1();
    const before = logins(server.log());
    const needed = { code: "LOGIN_NEEDS_PERSON", action: { type: "attach" } };
    await expect(person1()).rejects.toMatchObject(needed);
    const guardian = connect(false);
    await expect(guardian()).rejects.toMatchObject(needed);
    expect(logins(server.log())).toBe(before);
    const attached = connect(true);
    await attached();
    expect(await person.questions()).toHaveLength(2);
  });
});
