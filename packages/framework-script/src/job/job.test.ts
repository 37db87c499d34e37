import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JobInput } from "@unitrain/core/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOptions, type ScriptOptions } from "../options/options.ts";
import { explainFailure } from "./explain-failure.ts";
import { createJob } from "./job.ts";
import { resumeTraining } from "./resume.ts";

const run = promisify(execFile);
let machine: string;
let input: JobInput;

beforeEach(async () => {
  machine = await mkdtemp(join(tmpdir(), "unitrain script's "));
  const [dataset, output, scratch] = ["dataset", "output", "scratch"].map((name) => join(machine, name));
  for (const folder of [`${dataset}/code`, `${dataset}/data`, scratch])
    await mkdir(`${folder}`, { recursive: true });
  await writeFile(`${dataset}/code/train.sh`, `printf '%s' "$1" > result.txt; pwd > where.txt\n`);
  await writeFile(`${dataset}/data/numbers.txt`, "1 2 3\n");
  input = {
    jobId: "job",
    dataset,
    output,
    scratch,
    environment: { folder: join(machine, "script-none") },
    facts: { gpus: [] },
  } as unknown as JobInput;
});
afterEach(() => rm(machine, { recursive: true, force: true }));

const start = async (options: ScriptOptions) => {
  const job = createJob(checkOptions(options), input);
  const [program = "", ...args] = job.argv;
  return run(program, args, { cwd: job.cwd, env: { ...process.env, ...job.env } });
};
const read = (path: string) => readFile(join(machine, path), "utf8");

describe("the job", () => {
  it("runs the command in a copy of the code, whose originals stay as they are", async () => {
    await start({ command: "sh train.sh done" });
    expect(await read("scratch/result.txt")).toBe("done");
    expect((await read("scratch/where.txt")).trim()).toBe(input.scratch);
    await expect(read("dataset/code/result.txt")).rejects.toThrow("ENOENT");
  });

  it.each([
    ["without quotes", "sh train.sh {data}/numbers.txt"],
    ["in double quotes", 'sh train.sh "{data}/numbers.txt"'],
    ["in single quotes", "sh train.sh '{data}/numbers.txt'"],
    ["in a variable", 'sh train.sh "$UNITRAIN_DATA/numbers.txt"'],
  ])("names the data %s, though its path has a space and a quote", async (_, command) => {
    await start({ command });
    expect(await read("scratch/result.txt")).toBe(`${input.dataset}/data/numbers.txt`);
  });

  it("shows the data where it was, relative to the code", async () => {
    await writeFile(join(input.dataset, "link"), "inner/data");
    await start({ command: 'sh train.sh "$(cat inner/data/numbers.txt)"' });
    expect(await read("scratch/result.txt")).toBe("1 2 3");
  });

  it("fails when the first command of a pipe fails", async () => {
    await expect(start({ command: "false | cat" })).rejects.toMatchObject({ code: 1 });
  });

  it("continues from the newest downloaded checkpoint with the other command", async () => {
    const options = checkOptions({
      command: "python train.py",
      checkpoint: "checkpoints/*.pt",
      resumeCommand: "sh train.sh {checkpoint}",
    });
    const saved = ["checkpoints/2.pt", "checkpoints/1.pt", "other.pt"].map((path) => ({
      path,
      localPath: `/here/${path}`,
      sizeBytes: 1,
      sha256: "0",
    }));
    const resumed = await resumeTraining(options, saved as never, input);
    expect(resumed?.job.argv.at(-1)).toContain("UNITRAIN_CHECKPOINT");
    expect(resumed?.job.argv.at(-2)).toBe(`${input.dataset}/checkpoint/2.pt`);
    expect(await resumeTraining(options, saved.slice(2) as never, input)).toBeUndefined();
    const plain = checkOptions({ command: "python train.py", checkpoint: "*.pt" });
    expect(await resumeTraining(plain, saved as never, input)).toBeUndefined();
  });
});

describe("a failed command", () => {
  it.each([
    [
      "/usr/bin/python3: can't open file '/x/y/tran.py': [Errno 2] No such file or directory",
      "did not find tran.py",
    ],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", "did not find data/x.csv"],
    ["ModuleNotFoundError: No module named 'timm'", "the Python module timm is not on the machine"],
    ["sh: 1: accelerate: not found", "the machine has no program accelerate"],
    ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate", "the GPU ran out of memory"],
    ["OSError: [Errno 28] No space left on device", "the machine's disk is full"],
  ])("is explained: %s", (line, message) => {
    const exitCode = line.startsWith("sh:") ? 127 : 1;
    expect(explainFailure({ exitCode, output: `before\n${line}\n` } as never)?.message).toContain(message);
  });

  it("is not explained by what it recovered from", () => {
    const output = `CUDA out of memory\n${"epoch\n".repeat(130)}ValueError: x\n`;
    expect(explainFailure({ exitCode: 1, output } as never)).toBeUndefined();
  });
});
