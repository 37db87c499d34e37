import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { scratchFolders } from "../testing/scratch.ts";
import { machineNamed } from "./machine-named.ts";
import { sshAliases } from "./ssh-aliases.ts";

const scratch = scratchFolders();
let folder = "";
let env: Record<string, string> = {};

beforeEach(() => {
  folder = scratch();
  env = { HOME: folder };
  mkdirSync(join(folder, ".ssh", "conf.d"), { recursive: true });
  writeFileSync(
    join(folder, ".ssh", "config"),
    "Include conf.d/more\nHost gpu-box *.lab !bad\n  User me\nMatch host x\n  Port 3\nHost *\n  Port 22\nInclude config\n",
  );
  writeFileSync(join(folder, ".ssh", "conf.d", "more"), 'host lab-1 "lab 2"\n');
  const installed = join(folder, "node_modules", "my-cloud");
  mkdirSync(installed, { recursive: true });
  writeFileSync(
    join(installed, "package.json"),
    '{"name":"my-cloud","exports":{".":{"import":"./index.js"}}}',
  );
  writeFileSync(join(folder, "provider.ts"), "export default {}");
});

describe("the word behind --on", () => {
  it.each([
    ["local", { kind: "local" }],
    ["canopywave", { kind: "canopywave" }],
    ["canopywave/KEF-3", { kind: "canopywave", region: "KEF-3" }],
    ["ssh://ubuntu@box:2222", { kind: "ssh", target: "ssh://ubuntu@box:2222" }],
    ["ubuntu@10.0.0.7", { kind: "ssh", target: "ssh://ubuntu@10.0.0.7" }],
    ["gpu-box", { kind: "ssh", target: "gpu-box" }],
    ["lab-1", { kind: "ssh", target: "lab-1" }],
    ["my-cloud", { kind: "module", module: "my-cloud" }],
    ["npm:gpu-box", { kind: "module", module: "gpu-box" }],
    ["@me/cloud", { kind: "module", module: "@me/cloud" }],
  ])("%s", (on, named) => {
    expect(machineNamed(on, { env, folder })).toEqual(named);
  });

  it("may be a file", () => {
    const module = pathToFileURL(join(folder, "provider.ts")).href;
    expect(machineNamed("./provider.ts", { env, folder })).toEqual({ kind: "module", module });
    expect(machineNamed(join(folder, "provider.ts"), { env, folder })).toEqual({ kind: "module", module });
    expect(() => machineNamed("./nothing.ts", { env, folder })).toThrow("names a file that is not there");
  });

  it.each([
    ["gpu-bax", "Did you mean gpu-box?"],
    ["loacl", "Did you mean local?"],
    ["canopywav", "Did you mean canopywave?"],
    ["somewhere-else", "ssh://user@host:port"],
  ])("%s is refused", (on, hint) => {
    expect(() => machineNamed(on, { env, folder })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining(hint) }),
    );
  });
});

describe("aliases of ~/.ssh/config", () => {
  it("are its Host lines and those it includes, without patterns", () => {
    expect(sshAliases(env)).toEqual(["lab-1", "lab 2", "gpu-box"]);
  });

  it("are none without one", () => {
    expect(sshAliases({ HOME: join(folder, "nobody") })).toEqual([]);
  });
});
