import { describe, it } from "vitest";
import { testClient } from "../test/client.ts";
import { testServer } from "../test/test-server.ts";

describe.concurrent("a session over ssh", () => {
  it("runs a command in the work folder of the options", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const session = await client.session();
    const done = await session.run(
      { argv: ["sh", "-c", "pwd; cat; exit 3"], stdin: Buffer.from("in") },
      client.context,
    );
    expect(done).toEqual({ exitCode: 3, stdout: `${server.home}/work folder\nin`, stderr: "" });
    expect(await session.facts(client.context)).toMatchObject({ home: server.home });
  });
});
