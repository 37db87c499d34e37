import { existsSync } from "node:fs";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder, request } from "../../test/cloud.ts";
import { faultNames } from "../canopywave/faults/table.ts";
import { canopywave } from "../canopywave/terminal.ts";
import { runEmulator } from "./run.ts";

describe("unitrain-cloud-emulator canopywave", () => {
  test("prints the variables to export, executes commands from stdin and ends with the bill", async () => {
    const terminal = fakeTerminal();
    const folder = await createTemporaryFolder();
    const ended = runEmulator(
      canopywave,
      ["--machines", "none", "--folder", folder, "--fault", "server-error=2"],
      terminal.context,
    );
    const exported = await terminal.says("stdout", /KEY=(cw_\S+)\nexport CANOPYWAVE_BASE_URL=(http:\S+)\n/);
    const [, apiKey = "", url = ""] = exported;
    expect((await request({ apiKey, url }, "GET", "/images")).status).toBe(500);
    terminal.type("clear");
    await terminal.says("stderr", /All faults are disarmed/);
    expect((await request({ apiKey, url }, "GET", "/images")).status).toBe(200);
    terminal.type("forbidden always");
    await terminal.says("stderr", /forbidden: 403/);
    expect((await request({ apiKey, url }, "GET", "/images")).status).toBe(403);
    terminal.type("no-such-thing");
    await terminal.says("stderr", /Unknown fault no-such-thing/);
    terminal.type("instances");
    await terminal.says("stderr", /No instance exists/);
    terminal.signal("SIGINT");
    expect(await ended).toBe(0);
    expect(terminal.text("stderr")).toMatch(/total: \$0\.0000/);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("lists every fault", async () => {
    const terminal = fakeTerminal();
    expect(await runEmulator(canopywave, ["--list-faults"], terminal.context)).toBe(0);
    const names = terminal
      .text("stdout")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(names).toEqual(faultNames);
  });

  test.each([
    [["--fault", "nonsense"], /Unknown fault nonsense/],
    [["--port", "70000"], /--port must be a number/],
    [["--machines", "some"], /--machines must be real or none/],
    [["--color"], /--color/],
  ])("refuses %j as wrong usage and starts nothing", async (words, complaint) => {
    const terminal = fakeTerminal();
    expect(await runEmulator(canopywave, words, terminal.context)).toBe(2);
    expect(terminal.text("stderr")).toMatch(complaint);
    expect(existsSync("canopywave-emulator")).toBe(false);
  });
});

function fakeTerminal() {
  const stdin = new PassThrough();
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const output = { stdout: "", stderr: "" };
  const receivers = new Map<string, () => void>();
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].on("data", (chunk: Buffer) => {
      output[name] += chunk.toString();
    });
  }
  return {
    context: {
      stdin,
      ...streams,
      once: (signal: string, end: () => void) => receivers.set(signal, end),
    },
    type: (line: string) => stdin.write(`${line}\n`),
    signal: (name: string) => receivers.get(name)?.(),
    text: (name: "stdout" | "stderr") => output[name],
    async says(name: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
      for (let attempt = 0; attempt < 500; attempt += 1) {
        const found = pattern.exec(output[name]);
        if (found !== null) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${pattern} was not said: ${output[name]}`);
    },
  };
}
