import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOptions } from "../options/options.ts";
import { hashRequirements, readRequirements } from "./requirements.ts";

let code: string;
beforeEach(async () => {
  code = await mkdtemp(join(tmpdir(), "unitrain-code-"));
});
afterEach(() => rm(code, { recursive: true, force: true }));

const write = async (files: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(code, path)), { recursive: true });
    await writeFile(join(code, path), text);
  }
};
const find = (options: object = {}) =>
  readRequirements(checkOptions({ command: "python train.py", code, ...options }));

describe("the requirements", () => {
  it("are the lock, then the list, then the project", async () => {
    expect(find()).toMatchObject({ kind: "none", findings: [{ severity: "warning" }] });
    await write({ "pyproject.toml": "[tool.ruff]\n" });
    expect(find().kind).toBe("none");
    await write({ "pyproject.toml": '[project]\nrequires-python = ">=3.10"\n' });
    expect(find()).toMatchObject({ kind: "project", python: ">=3.10" });
    await write({ "requirements.txt": "-r more.txt\ntorch\n", "more.txt": "numpy\n", "uv.lock": "" });
    expect(find()).toMatchObject({ kind: "lock" });
    const list = find({ requirements: "requirements.txt" });
    expect(Object.keys(list.files)).toEqual(["requirements.txt", "more.txt"]);
    expect(find({ requirements: "none" })).toMatchObject({ kind: "none", findings: [] });
  });

  it("name another environment when a file changes that they include", async () => {
    await write({ "requirements.txt": "-r more.txt\n", "more.txt": "numpy\n" });
    const before = hashRequirements(find(), []);
    expect(hashRequirements(find(), [])).toBe(before);
    expect(hashRequirements(find(), ["timm"])).not.toBe(before);
    await write({ "more.txt": "numpy==2\n" });
    expect(hashRequirements(find(), [])).not.toBe(before);
  });

  it.each<[string, Readonly<Record<string, string>>, object, string]>([
    ["that are not there", {}, { requirements: "x.txt" }, "there is no such file"],
    [
      "outside the code",
      { "../unitrain-outside.txt": "numpy" },
      { requirements: "../unitrain-outside.txt" },
      "outside the folder",
    ],
    ["that install the code itself", { "requirements.txt": "numpy\n-e .\n" }, {}, "line 2, installs ."],
    ["with a local wheel", { "requirements.txt": "./x.whl\n" }, {}, "line 1, installs ./x.whl"],
    ["that include what is not there", { "requirements.txt": "-r more.txt\n" }, {}, "includes more.txt"],
    [
      "with a password",
      { "requirements.txt": "--index-url https://me:hunter22@host/simple\n" },
      {},
      "a password",
    ],
    ["with a lock alone", { "uv.lock": "" }, {}, "no pyproject.toml beside it"],
  ])("%s are refused", async (_, files, options, message) => {
    await write(files);
    expect(() => find(options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining(message) }),
    );
    await rm(join(code, "../unitrain-outside.txt"), { force: true });
  });
});
