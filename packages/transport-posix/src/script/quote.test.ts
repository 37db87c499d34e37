import { UnitrainError } from "@unitrain/core/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loginShells, mustBeInstalled } from "../../test/shells.ts";
import { childExecutor } from "../executor/child-executor.ts";
import { openScript } from "./open-script.ts";
import { formatLoginCommand, quote, quoteAll } from "./quote.ts";

/** Characters that are special in shells, mixed with arbitrary text. */
const nasty = [
  "'",
  '"',
  "`",
  "$",
  "\\",
  "!",
  "!!",
  "%",
  "%s",
  "\n",
  "\r",
  "\t",
  " ",
  "$(id)",
  `$${"{x}"}`,
  "~",
  "*",
  "-rf",
];
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...nasty, "a", "ä", "\u{1F600}", "\x01", "\x7f", "\u0301") }),
);
const words = fc.array(
  text.map((word) => word.replaceAll("\0", "0")),
  { minLength: 1, maxLength: 40 },
);

describe.each(loginShells)("through %s as the login shell", (shell) => {
  it("any text without a NUL arrives unchanged", async () => {
    mustBeInstalled(shell);
    const executor = childExecutor(shell, ["-c"]);
    await fc.assert(
      fc.asyncProperty(words, async (words) => {
        const running = await openScript(executor, `printf '%s\\0' ${quoteAll(words)}`);
        const chunks: Buffer[] = [];
        const [code] = await Promise.all([
          running.exitCode,
          readInto(chunks, running.stdout),
          readInto([], running.stderr),
        ]);
        expect(code).toBe(0);
        expect(Buffer.concat(chunks).toString("utf8").split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  it("a script of 90 KB, and one of 1 MB with input, arrive complete", async () => {
    mustBeInstalled(shell);
    const executor = childExecutor(shell, ["-c"]);
    for (const size of [22_000, 1_000_000]) {
      const filler = "'\n".repeat(size / 2);
      const running = await openScript(executor, `: <<'END'\n${filler}\nEND\ncat`, {
        stdin: Buffer.from("behind"),
      });
      const chunks: Buffer[] = [];
      await Promise.all([readInto(chunks, running.stdout), readInto([], running.stderr)]);
      expect(await running.exitCode).toBe(0);
      expect(Buffer.concat(chunks).toString()).toBe("behind");
    }
  });
});

it("a command line contains only characters that mean the same in every shell", () => {
  fc.assert(
    fc.property(text, (script) => {
      expect(formatLoginCommand(script)).toMatch(
        /^exec sh -c 'eval "\$\(printf "[A-Za-z0-9 _./:=,+@|;&<>()[\]{}\\-]*"\)"'$/,
      );
    }),
  );
});

it("a text with a NUL is refused", () => {
  expect(() => quote("a\0b")).toThrow(UnitrainError);
});

async function readInto(chunks: Buffer[], stream: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of stream) chunks.push(chunk);
}
