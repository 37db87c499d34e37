import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

async function runNode(file: string, ...words: readonly string[]) {
  const program = fileURLToPath(new URL(file, import.meta.url));
  // Node's own runner reports to the process that started it, unless it is told that there is none.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--conditions=@unitrain/source", program, ...words], { env });
  const exitCode = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exitCode, output: output + errors };
}

describe("a suite under node:test", () => {
  it("passes for an adapter that keeps the rules", async () => {
    const { exitCode, output } = await runNode("node/toy.node-test.ts");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("framework/locate-finds-the-model");
  });

  it("fails for one that does not, with the rule and what to do", async () => {
    const { exitCode, output } = await runNode("node/toy.node-test.ts", "--broken");
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "framework/failure-is-explained: explainFailure() did not recognize the recorded failure.",
    );
  });
});

describe("unitrain-conformance", () => {
  it("says how it is used, and does nothing without a budget", async () => {
    const { exitCode, output } = await runNode("../src/bin.ts", "--live", "--provider", "./provider.js");
    expect(exitCode).toBe(2);
    expect(output).toContain("either --sweep or --live with --budget");
  });
});
