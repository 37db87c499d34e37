import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "./load-config.ts";

const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  right: {
    "unitrain.config.ts":
      'import { defineConfig, type UnitrainConfig } from "@unitrain/cli";\nconst hours: number = await Promise.resolve(2);\nexport default defineConfig({ maxHours: hours } satisfies UnitrainConfig);\n',
    "package.json": '{ "type": "commonjs" }',
  },
  javascript: {
    "unitrain.config.js": "export default { on: 'local' };\n",
    "package.json": '{ "type": "commonjs" }',
  },
  unparsable: { "unitrain.config.ts": "export default {\n  on: 'local',\n  epochs = };\n" },
  "unparsable-javascript": { "unitrain.config.mjs": "export default {\n  on: 'local';\n};\n" },
  throwing: {
    "unitrain.config.ts": "const names: string[] = [];\n\nexport default { on: names[0].trim() };\n",
  },
  enumerating: { "unitrain.config.ts": "enum Where { here }\nexport default { on: Where.here };\n" },
  "import-of-nothing": {
    "unitrain.config.ts": 'import { x } from "nobody-has-this";\nexport default { on: x };\n',
  },
  "unknown-key": { "unitrain.config.ts": "export default { one: 'local' };\n" },
};

let root = "";
let results: Record<string, { message?: string; hint?: string; config?: object } | "none"> = {};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "unitrain-config-"));
  const names = Object.keys(files);
  for (const name of names) {
    mkdirSync(join(root, name));
    for (const [file, text] of Object.entries(files[name] ?? {})) writeFileSync(join(root, name, file), text);
  }
  const program = fileURLToPath(new URL("../../../test/load-configs.ts", import.meta.url));
  const words = [
    "--no-warnings",
    "--conditions=@unitrain/source",
    program,
    ...names.map((name) => join(root, name)),
  ];
  const printed = execFileSync(process.execPath, words, { encoding: "utf8" });
  results = Object.fromEntries(
    printed
      .trim()
      .split("\n")
      .map((line, index) => [names[index] ?? "", JSON.parse(line)]),
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("loadConfig", () => {
  it("returns undefined if there is no configuration, and with --no-config", async () => {
    expect(results.none).toBe("none");
    expect(await loadConfig(false, join(root, "right"))).toBeUndefined();
  });

  it("reads TypeScript and JavaScript regardless of package.json and of where @unitrain/cli is installed", () => {
    expect(results.right).toMatchObject({ config: { maxHours: 2 }, file: "unitrain.config.ts" });
    expect(results.javascript).toMatchObject({ config: { on: "local" }, file: "unitrain.config.js" });
  });

  it.each([
    ["unparsable", /^unitrain\.config\.ts:3 does not parse: /, "--no-config"],
    ["unparsable-javascript", /^unitrain\.config\.mjs:2 does not parse: /, "--no-config"],
    ["throwing", /^unitrain\.config\.ts:3 throws: Cannot read prop/, "--no-config"],
    ["enumerating", /^unitrain\.config\.ts:1 does not parse: /, "only strips its types"],
    [
      "import-of-nothing",
      /^unitrain\.config\.ts imports a module that is not installed: .*nobody-has-this/,
      "npm install",
    ],
    ["unknown-key", /^unitrain\.config\.ts has a key one that is not known/, "Did you mean on?"],
  ])("rejects the configuration %s with file, line and a hint", (name, message, hint) => {
    expect(results[name]).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
    });
  });

  it("rejects a named file that does not exist", async () => {
    await expect(loadConfig("other.ts", root)).rejects.toThrow(
      "The configuration file other.ts does not exist.",
    );
  });
});
