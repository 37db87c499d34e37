import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawPredictions } from "./predictions.ts";

const run = promisify(execFile);
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "unitrain demo "));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("the demo", () => {
  it("refuses clearly without python3, before anything is made", async () => {
    const program = fileURLToPath(new URL("./demo.ts", import.meta.url));
    const env = { PATH: scratch, HOME: scratch, UNITRAIN_HOME: join(scratch, "state") };
    await expect(
      run(process.execPath, ["--conditions=@unitrain/source", program], { env, cwd: scratch }),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("there is no python3 on this computer"),
    });
    expect(await readdir(scratch)).toEqual([]);
  });
});

describe("the image of predictions", () => {
  it("is asked of the Python that the model was trained with", async () => {
    const python = join(scratch, "python");
    await writeFile(
      python,
      '#!/bin/sh\nshift\nfor word; do printf "<%s>" "$word"; done\necho\necho 57 boxes\n',
    );
    await chmod(python, 0o755);
    const reply = await drawPredictions({ model: "/m/best.pt", python }, "/d/val", "/o/sheet.jpg");
    expect(reply).toBe("57 boxes");
  });

  it("is drawn by a program that any Python can read", async () => {
    const program = fileURLToPath(new URL("./predictions.py", import.meta.url));
    await run("python3", ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", program]);
  });
});
