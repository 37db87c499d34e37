import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { testMachine } from "../../test/test-machine.ts";
import { childExecutor } from "../executor/child-executor.ts";
import { posixTransport } from "../posix-transport.ts";
import { bytesChangedError, everyByte } from "./gateway.ts";

async function through(...gateway: readonly string[]) {
  const machine = await testMachine();
  const [program = "", ...argv] = gateway;
  const transport = posixTransport({
    name: "test",
    supports: ["local"],
    workFolder: machine.workFolder,
    connect: async () => childExecutor(program, argv, { env: machine.env }),
  });
  return transport.connect({ connectionKind: "local" }, testContext());
}

describe("a gateway in front of a machine", () => {
  it("that passes every byte is accepted", async () => {
    expect(await through("sh", "-c")).not.toHaveProperty("ready");
  });

  it.each([
    ["a terminal", ["sh", "-c", 'exec script -qec "$0" /dev/null']],
    ["a filter of control characters on the way back", ["sh", "-c", 'sh -c "$0" | tr -d "\\001-\\010"']],
    ["seven bits on the way back", ["sh", "-c", 'sh -c "$0" | tr "\\200-\\377" "\\000-\\177"']],
    ["converted line ends", ["sh", "-c", 'sh -c "$0" | sed "s/$/\\r/"']],
    ["one that swallows the end of the output", ["sh", "-c", 'sh -c "$0" | head -c 40']],
    ["an input that is dropped", ["sh", "-c", 'sh -c "$0" </dev/null']],
    [
      "a text of its own in place of the command",
      ["sh", "-c", "echo Error: Your SSH client doesn\\'t support PTY"],
    ],
  ] as const)("as %s is refused for good", async (_what, gateway) => {
    await expect(through(...gateway)).rejects.toMatchObject({
      code: "UNUSABLE_GATEWAY",
      hint: expect.stringContaining("direct address"),
    });
  });

  it.each([
    [
      "a terminal",
      Buffer.from(everyByte.toString("latin1").replaceAll("\n", "\r\n"), "latin1").subarray(0, 40),
    ],
    ["text", Buffer.from(everyByte.toString("utf8"))],
    ["text", Buffer.from(everyByte.toString("latin1"), "utf8")],
    ["seven bits", everyByte.map((byte) => byte & 127)],
    ["nothing comes back", Buffer.alloc(0)],
  ])("is known by what it does: %s", (kind, echo) => {
    expect(bytesChangedError(Buffer.from(echo)).message).toContain(kind);
  });
});
