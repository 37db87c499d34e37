import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { clouds } from "../modules/clouds.ts";
import { listSshAliases } from "./list-ssh-aliases.ts";
import { resolveMachine } from "./resolve-machine.ts";

const canopywave = clouds.find(({ word }) => word === "canopywave");
const scratch = scratchFolders();
let folder = "";
let env: Record<string, string> = {};

beforeEach(() => {
  folder = scratch();
  env = { HOME: folder };
  mkdirSync(join(folder, ".ssh", "conf.d"), { recursive: true });
  writeFileSync(
    join(folder, ".ssh", "config"),
    "Include conf.d/more\nHost gpu-box *.lab !bad\n  User me\nMatch host x\n  Port 3\nHost *\n  Port 22\n  ControlPath ~/.ssh/%C\n",
  );
  writeFileSync(join(folder, ".ssh", "conf.d", "more"), 'host lab-1 "lab 2"\nInclude "conf.d/my hosts"\n');
  writeFileSync(join(folder, ".ssh", "conf.d", "my hosts"), "Host quoted\n");
  for (const name of ["my-cloud", "unitrain-provider-stray"]) {
    const installed = join(folder, "node_modules", name);
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "package.json"), JSON.stringify({ name, exports: "./index.js" }));
  }
  const dependencies = { "unitrain-provider-desk": "1", "unitrain-provider-lab-1": "1", "my-cloud": "1" };
  const devDependencies = { "unitrain-provider-pool": "1" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies, devDependencies }));
  writeFileSync(join(folder, "provider.ts"), "export default {}");
});

describe("resolveMachine", () => {
  it.each([
    ["local", { kind: "local" }],
    ["canopywave", { kind: "cloud", cloud: canopywave }],
    ["canopywave/KEF-3", { kind: "cloud", cloud: canopywave, region: "KEF-3" }],
    ["ssh://ubuntu@box:2222", { kind: "ssh", target: "ssh://ubuntu@box:2222" }],
    ["ubuntu@10.0.0.7", { kind: "ssh", target: "ssh://ubuntu@10.0.0.7" }],
    ["gpu-box", { kind: "ssh", target: "gpu-box" }],
    ["x.lab", { kind: "ssh", target: "x.lab" }],
    ["lab 2", { kind: "ssh", target: "lab 2" }],
    ["ssh://lab-1", { kind: "ssh", target: "ssh://lab-1" }],
    ["npm:unitrain-provider-lab-1", { kind: "module", module: "unitrain-provider-lab-1" }],
    ["desk", { kind: "module", module: "unitrain-provider-desk" }],
    ["pool", { kind: "module", module: "unitrain-provider-pool" }],
    ["npm:gpu-box", { kind: "module", module: "gpu-box" }],
    ["npm:@me/cloud/pool", { kind: "module", module: "@me/cloud/pool" }],
  ])("resolves %j", async (on, target) => {
    const installed = target.kind === "module" ? { folder } : {};
    expect(await resolveMachine(on, { env, folder })).toEqual({ ...target, ...installed });
  });

  it("resolves the path of a file", async () => {
    const module = pathToFileURL(join(folder, "provider.ts")).href;
    expect(await resolveMachine("./provider.ts", { env, folder })).toEqual({
      kind: "module",
      module,
      folder,
    });
    expect(await resolveMachine(join(folder, "provider.ts"), { env, folder })).toEqual({
      kind: "module",
      module,
      folder,
    });
    await expect(resolveMachine("./nothing.ts", { env, folder })).rejects.toThrow(
      "names a file that does not exist",
    );
  });

  it("searches the dependencies of the project that contains the folder", async () => {
    const below = join(folder, "src", "deep");
    mkdirSync(below, { recursive: true });
    expect(await resolveMachine("desk", { env, folder: below })).toEqual({
      kind: "module",
      module: "unitrain-provider-desk",
      folder: below,
    });
    writeFileSync(join(folder, "package.json"), "{ this is broken");
    await expect(resolveMachine("desk", { env, folder })).rejects.toThrow(
      "is not a machine that unitrain knows",
    );
  });

  it("rejects an ambiguous word and names both meanings", async () => {
    await expect(resolveMachine("lab-1", { env, folder })).rejects.toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringMatching(
          /an alias of ~\/\.ssh\/config, and .* depends on unitrain-provider-lab-1/,
        ),
        hint: expect.stringMatching(/ssh:\/\/lab-1 .* npm:unitrain-provider-lab-1/),
      }),
    );
  });

  it("prefers a reserved word to an alias with the same name", async () => {
    writeFileSync(join(folder, ".ssh", "config"), "Host local canopywave run:x\n");
    expect(await resolveMachine("local", { env, folder })).toEqual({ kind: "local" });
    expect(await resolveMachine("canopywave", { env, folder })).toEqual({ kind: "cloud", cloud: canopywave });
    await expect(resolveMachine("run:x", { env, folder })).rejects.toThrow("run: is reserved");
  });

  it.each([
    ["gpu-bax", "Did you mean gpu-box? For a host of this name, write --on ssh://gpu-bax."],
    ["loacl", "Did you mean local?"],
    ["canopywav", "Did you mean canopywave?"],
    ["dask", "Did you mean desk?"],
    ["somewhere-else", "write --on ssh://somewhere-else."],
    ["192.0.2.7:2222", "write --on ssh://192.0.2.7:2222."],
    // Installed, and not what this project depends on.
    ["stray", "write --on ssh://stray."],
    ["unitrain-provider-stray", "write --on npm:unitrain-provider-stray."],
    ["my-cloud", "write --on npm:my-cloud."],
    ["@me/cloud", "write --on npm:@me/cloud."],
    ["my-cloud/pool", "npm:package"],
    ["src/../provider.ts", "write --on ./src/../provider.ts."],
    ["https://example.com", "ssh://user@host:port"],
    ["npm:../provider.ts", "--on ./file.ts for a file"],
    ["npm:", "--on npm:name"],
    ["", "ssh://user@host:port"],
  ])("rejects %j: %s", async (on, hint) => {
    await expect(resolveMachine(on, { env, folder })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining(hint) }),
    );
  });
});

describe("listSshAliases", () => {
  it("returns the names in Host lines, also of included files, without patterns", () => {
    const file = join(folder, ".ssh", "config");
    // ssh refuses a file that includes itself; completions only have to come to an end.
    writeFileSync(file, `${readFileSync(file, "utf8")}Include config conf.d/m*\n`);
    expect(listSshAliases(env)).toEqual(["lab-1", "lab 2", "quoted", "gpu-box"]);
  });

  it("returns none if there is no configuration", () => {
    expect(listSshAliases({ HOME: join(folder, "nobody") })).toEqual([]);
  });
});
