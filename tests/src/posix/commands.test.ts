import { access, constants, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UnitrainError } from "@unitrain/core";
import type { Executor } from "@unitrain/transport-posix";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextOf, temporaryFolder, testMachine } from "./machine.ts";

const shells: readonly (readonly [string, ...string[]])[] = [
  ["sh", "-c"],
  ["dash", "-c"],
  ["bash", "-c"],
  ["fish", "-c"],
  ["tcsh", "-c"],
];

async function isInstalled(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (
      await access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

describe.each(shells.map((loginShell) => ({ loginShell, name: loginShell[0] })))(
  "with $name as login shell",
  ({ loginShell, name }) => {
    test("any text without NUL is handed on unchanged: argument, variable and input", {
      timeout: 120_000,
    }, async () => {
      expect(await isInstalled(name), `install ${name} (npm test does on Debian and Ubuntu)`).toBe(true);
      const { session, context } = await testMachine({ loginShell });
      const text = fc
        .string({ unit: "binary", maxLength: 60 })
        .filter((one) => !one.includes("\0") && one.isWellFormed());
      const words = fc.array(
        fc.oneof(text, fc.constantFrom(..."'\"\\`$!*?~&|;<>(){}[]#% \n\t^", "$(id)", "-rf", "!!", "%d")),
        {
          minLength: 1,
          maxLength: 12,
        },
      );
      const printAll = 'for word do printf "<%s>" "$word"; done; printf "%s" "$value"; cat';
      await fc.assert(
        fc.asyncProperty(words, text, async (given, value) => {
          const stdin = Buffer.from(value);
          const done = await session.run(
            { argv: ["sh", "-c", printAll, "sh", ...given], env: { value }, stdin },
            context,
          );
          expect(done).toEqual({
            exitCode: 0,
            stdout: `${given.map((one) => `<${one}>`).join("")}${value}${value}`,
            stderr: "",
          });
        }),
        { numRuns: 25 },
      );
    });
  },
);

describe("a noisy login shell", () => {
  test("says what it likes before: only the command's own output counts", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, ".bash_profile"),
      "echo Welcome; echo 'and a warning' >&2; printf 'no newline'\n",
    );
    const { session, context } = await testMachine({ loginShell: ["bash", "-lc"], folder });
    const done = await session.run({ argv: ["sh", "-c", "echo out; echo err >&2; exit 3"] }, context);
    expect(done).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
  });

  test("that runs no commands is named, and is no lost connection", async () => {
    const attempt = testMachine({ loginShell: ["false"] }).then(({ session, context }) =>
      session.facts(context),
    );
    await expect(attempt).rejects.toThrow();
  });
});

describe("how a command ends", () => {
  test("is told exactly: a code, a signal as 128 and its number, a program that is not there", async () => {
    const { session, context } = await testMachine();
    for (const code of [0, 1, 42, 137, 255]) {
      expect((await session.run({ argv: ["sh", "-c", `exit ${code}`] }, context)).exitCode).toBe(code);
    }
    expect((await session.run({ argv: ["sh", "-c", "kill -TERM $$"] }, context)).exitCode).toBe(143);
    expect((await session.run({ argv: ["no-such-program-here"] }, context)).exitCode).toBe(127);
  });

  test("is never success when it was not seen: cut before, within and after the output, or the shell killed", async () => {
    const cutAt =
      (bytes: number) =>
      (executor: Executor): Executor => ({
        ...executor,
        async exec(command, options) {
          const execution = await executor.exec(command, options);
          if (!armed) return execution;
          let seen = 0;
          execution.stdout.on("data", (chunk: Buffer) => {
            seen += chunk.length;
            if (seen >= bytes) {
              execution.stdout.destroy();
              execution.stderr.destroy();
            }
          });
          return { ...execution, exit: execution.exit.then(() => ({ cut: "as asked" })) };
        },
      });
    let armed = false;
    for (const bytes of [0, 1, 50_000]) {
      armed = false;
      const { session, context } = await testMachine({ around: cutAt(bytes) });
      await session.facts(context);
      armed = true;
      const attempt = session.run({ argv: ["sh", "-c", "head -c 100000 /dev/zero; exit 0"] }, context);
      await expect(attempt, `cut after ${bytes} bytes`).rejects.toMatchObject({
        code: "CONNECTION_LOST",
        retryable: true,
      });
    }
    const { session, context } = await testMachine();
    const killed = session.run(
      { argv: ["sh", "-c", "kill -KILL -$(ps -o pgid= -p $$ | tr -d ' ')"] },
      context,
    );
    await expect(killed).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("by the caller's signal it ends at once, with the caller's reason", async () => {
    const { session } = await testMachine();
    const abort = new AbortController();
    const reason = new UnitrainError("CANCELLED", "enough");
    const attempt = session.run({ argv: ["sleep", "60"] }, contextOf(abort.signal));
    setTimeout(() => abort.abort(reason), 200);
    await expect(attempt).rejects.toBe(reason);
  });
});

describe("output and input", () => {
  test("30 MB on both streams: bounded, no deadlock, the middle left out", { timeout: 60_000 }, async () => {
    const { session, context } = await testMachine();
    const flood = "yes 0123456789 | head -c 31457280 & yes abcdefghij | head -c 31457280 >&2; wait; echo END";
    const { exitCode, stdout, stderr } = await session.run({ argv: ["sh", "-c", flood] }, context);
    expect(exitCode).toBe(0);
    expect(stdout.length).toBeLessThan(600_000);
    expect(stderr.length).toBeLessThan(600_000);
    expect(stdout.startsWith("0123456789\n")).toBe(true);
    expect(stderr.startsWith("abcdefghij\n")).toBe(true);
    expect(stdout.endsWith("END\n")).toBe(true);
  });

  test("a command that ends before it has read its input: its code and its words", async () => {
    const { session, context } = await testMachine();
    const stdin = Buffer.alloc(8 * 1024 * 1024);
    const done = await session.run(
      { argv: ["sh", "-c", "head -c 10 >/dev/null; echo 'no room' >&2; exit 28"], stdin },
      context,
    );
    expect(done).toMatchObject({ exitCode: 28, stderr: "no room\n" });
  });

  test("twelve commands at once, and a hundred in a row, leave nothing open", {
    timeout: 60_000,
  }, async () => {
    const { session, context } = await testMachine();
    const numbers = Array.from({ length: 12 }, (_, at) => at);
    const answers = await Promise.all(
      numbers.map((at) => session.run({ argv: ["echo", String(at)] }, context)),
    );
    expect(answers.map(({ stdout }) => stdout)).toEqual(numbers.map((at) => `${at}\n`));
    const before = process.getActiveResourcesInfo().length;
    for (let at = 0; at < 100; at += 1) await session.run({ argv: ["true"] }, context);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 3);
  });
});

test("facts are those of this computer", async () => {
  const { session, context, workFolder, folder } = await testMachine({ env: { XDG_CACHE_HOME: "" } });
  const facts = await session.facts(context);
  expect(facts).toMatchObject({ workFolder, home: folder, root: process.getuid?.() === 0 });
  expect(facts.environmentsFolder.startsWith(folder)).toBe(true);
  expect(facts.cpus).toBeGreaterThan(0);
  expect(facts.ramBytes).toBeGreaterThan(100e6);
  expect(facts.mounts.some(({ path, freeBytes }) => path === "/" && freeBytes > 0)).toBe(true);
  expect(facts.tools).toContain("tar");
});
