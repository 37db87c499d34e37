import { attempt, demand } from "../../suite/demand.ts";
import { oddTexts, transportRules } from "../rule.ts";

const maxOutputBytes = 256 * 1024;

/** Rules about `run`: what arrives at a program, and what comes back. */
export const runRules = transportRules([
  {
    id: "transport/arguments-arrive-unchanged",
    demand: "Each argument reaches the program byte for byte, because no shell may expand or split it.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const { stdout } = await session.run({ argv: ["printf", "<%s>", ...oddTexts] }, bed.context());
      const expected = oddTexts.map((text) => `<${text}>`).join("");
      demand(
        stdout === expected,
        `The program got ${JSON.stringify(stdout)} instead of ${JSON.stringify(expected)}. Quote each argument for the shell of the machine.`,
      );
    },
  },
  {
    id: "transport/variables-arrive-unchanged",
    demand:
      "Each variable of `env` reaches the program byte for byte, because values contain quotes and line breaks.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      for (const value of oddTexts) {
        const argv = ["sh", "-c", 'printf "<%s>" "$ODD"'];
        const { stdout } = await session.run({ argv, env: { ODD: value } }, bed.context());
        demand(
          stdout === `<${value}>`,
          `The variable was ${JSON.stringify(stdout)} instead of ${JSON.stringify(`<${value}>`)}. Quote its value.`,
        );
      }
    },
  },
  {
    id: "transport/exit-codes-are-exact",
    demand:
      "`run` returns the exit code of the program, and 127 for a missing program, because core decides by it.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      for (const [argv, expected] of [
        [["sh", "-c", "exit 0"], 0],
        [["sh", "-c", "exit 3"], 3],
        [["sh", "-c", "exit 255"], 255],
        [["no-such-program-of-unitrain"], 127],
      ] as const) {
        const { exitCode } = await session.run({ argv }, bed.context());
        demand(
          exitCode === expected,
          `run() returned the exit code ${exitCode} for ${argv.join(" ")}. It should be ${expected}.`,
        );
      }
    },
  },
  {
    id: "transport/stdin-arrives-whole",
    demand:
      "All bytes of `stdin` reach the program, then its end, because scripts and archives are sent this way.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const stdin = Buffer.alloc(300_000, Buffer.from([0, 255, 10, 13, 26, 4]));
      const { stdout } = await session.run({ argv: ["sh", "-c", "wc -c"], stdin }, bed.context());
      demand(
        Number(stdout) === stdin.length,
        `Of ${stdin.length} bytes of stdin, ${stdout.trim()} arrived. Write all bytes and close the stream.`,
      );
    },
  },
  {
    id: "transport/output-is-bounded",
    demand:
      "Of a long output, `run` returns the beginning and the end, at most 256 KiB, because memory is limited and errors stand at the end.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const script = "echo first; head -c 2000000 /dev/zero | tr '\\0' x; echo; echo last";
      const { stdout } = await session.run({ argv: ["sh", "-c", script] }, bed.context());
      const length = Buffer.byteLength(stdout);
      demand(
        length <= maxOutputBytes,
        `run() returned ${length} bytes of output. Cut the middle, so that at most 256 KiB remain.`,
      );
      demand(
        stdout.startsWith("first\n"),
        "The beginning of a long output is missing. Cut the middle instead.",
      );
      demand(stdout.endsWith("last\n"), "The end of a long output is missing. Cut the middle instead.");
    },
  },
  {
    id: "transport/any-output-is-returned",
    demand:
      "Output with NUL bytes, escape codes and invalid UTF-8 is returned whole, because programs print anything.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const script = "printf 'a\\000b\\377c\\033[31md\\036\\ne'; printf 'E' >&2; exit 7";
      const { exitCode, stdout, stderr } = await session.run({ argv: ["sh", "-c", script] }, bed.context());
      const isWhole = stdout.startsWith("a\0b") && stdout.endsWith("c\u001b[31md\u001e\ne");
      demand(
        isWhole && stderr === "E" && exitCode === 7,
        `run() returned ${JSON.stringify({ exitCode, stdout, stderr })} for output with odd bytes. Frame the output by lengths, not by its content.`,
      );
    },
  },
  {
    id: "transport/abort-ends-a-command",
    demand: "`run` rejects soon after `context.signal` aborts, because core has a deadline for each call.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const abort = new AbortController();
      const call = session.run({ argv: ["sleep", "30"] }, bed.context({ signal: abort.signal }));
      setTimeout(() => abort.abort(new Error("core's deadline for this call")), 100);
      const result = await attempt("run(), whose signal had aborted,", call, 5_000);
      demand(
        "error" in result,
        "run() resolved although its signal had aborted. Reject with the reason of the signal.",
      );
    },
  },
]);
