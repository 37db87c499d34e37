import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../packages/cli/src/bin.ts", import.meta.url));
const framework = fileURLToPath(new URL("./framework.ts", import.meta.url));
const frameworkFlags = ["--framework", "./framework.ts"];
let folder = "";

/** `unitrain …` in a folder where nothing is installed, as `npx @unitrain/cli` finds it. */
async function unitrain(...words: readonly string[]) {
  const env = { ...process.env, HOME: folder, UNITRAIN_HOME: join(folder, "state") };
  const argv = ["--conditions=@unitrain/source", bin, ...words];
  return promisify(execFile)(process.execPath, argv, { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain framework "));
  await copyFile(framework, join(folder, "framework.ts"));
  await mkdir(join(folder, "texts"));
  await writeFile(join(folder, "texts", "a.txt"), "one two three four five\n");
  await writeFile(join(folder, "texts", "b.txt"), "six seven eight\n");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a framework in a file", { timeout: 120_000 }, () => {
  test("trains, with its own option and flag, and its metrics stand in the table of epochs", async () => {
    const { stdout, stderr } = await unitrain(
      "train",
      "./texts",
      "rounds=4",
      "--first-guess",
      "100",
      ...frameworkFlags,
    );
    expect(stderr).toContain("Job    count words in 4 rounds");
    expect(stderr).toContain("epoch 2/4  error 23");
    expect(stdout).toMatch(/EPOCH +ERROR +GUESS\n +1 +46 +54\n/);
    // Lower is better: the plan says so, and the screen shows it.
    expect(stdout).toMatch(/ 4 +6 +14 +best\n/);
    const [, model = ""] = /Model +(\S+words\.model)/.exec(stdout) ?? [];
    expect(await readFile(join(folder, model), "utf8")).toBe("14\n");
    const { stdout: runs } = await unitrain("runs");
    expect(runs).toMatch(/done +4\/4 +6 /);
  });

  test("is named by a configuration that holds its keys, and is repeated by --from", async () => {
    const config = `export default { framework: "./framework.ts", data: "./texts", firstGuess: 40, train: { rounds: 2 } };\n`;
    await writeFile(join(folder, "unitrain.config.ts"), config);
    try {
      expect((await unitrain("train", "--name", "configured")).stdout).toMatch(/ 2 +8 +16 +best\n/);
    } finally {
      await rm(join(folder, "unitrain.config.ts"));
    }
    expect((await unitrain("train", "--from", "configured", "rounds=1")).stdout).toMatch(
      / 1 +16 +24 +best\n/,
    );
  });

  test("stands in the help and in the completions", async () => {
    const { stdout } = await unitrain("train", "--help", ...frameworkFlags);
    expect(stdout).toMatch(/Options:\n +rounds=<integer> +how often to guess \(default: 3\)\n/);
    expect(stdout).toMatch(/--first-guess <words> +where to begin \(default: 1\)/);
    expect(stdout).toContain("unitrain train ./texts rounds=5 --framework ./framework.ts");
    expect(stdout).not.toContain("ultralytics");
    const line = `unitrain train ./texts ${frameworkFlags.join(" ")} `;
    expect((await unitrain("__complete", `${line}ro`)).stdout).toBe("rounds=\n");
    expect((await unitrain("__complete", `${line}--first`)).stdout).toBe("--first-guess\n");
  });

  test.each([
    [["ronds=4"], "ronds is not an option of this framework.", "Did you mean rounds?"],
    [["rounds=many"], 'rounds is "many".', "rounds=…"],
    [["--first-gess", "3"], "Unknown option '--first-gess'.", "Did you mean --first-guess?"],
    [["--rounds", "4"], "--rounds is written without dashes", "rounds=4"],
  ])("plan %j is refused: %s", async (words, message, hint) => {
    const { code, stderr } = await unitrain("plan", "./texts", ...words, ...frameworkFlags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});
