import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult, Environment } from "@unitrain/core/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn, explainFinished } from "../../test/bare-machine.ts";
import { write } from "../../test/drawn-set.ts";
import { createEnvironmentsFolder, noNetwork } from "../../test/this-machine.ts";
import { parseFoundEnvironment } from "./found-environment.ts";

/** Installs gigabytes, from the network when they are not in uv's cache yet. */
const timeout = 10 * 60_000;

const machine = createBareMachines();
const PATH = machine.path({ python3: machine.python });

/** Variables that people set for other Pythons on the machine. Each of them has redirected an installation or an import. */
function settingsOfTheOwner(): Readonly<Record<string, string>> {
  const folder = machine.emptyFolder();
  const broken = "raise RuntimeError('the owner's own')\n";
  for (const module of ["ultralytics", "torch", "cv2"]) write(join(folder, `${module}.py`), broken);
  return {
    PIP_CONFIG_FILE: write(join(folder, "pip.conf"), "[global]\nuser = true\nrequire-virtualenv = true\n"),
    PIP_USER: "1",
    PIP_TARGET: join(folder, "target"),
    PIP_PREFIX: join(folder, "prefix"),
    PIP_NO_DEPS: "1",
    UV_SYSTEM_PYTHON: "1",
    UV_PYTHON: "3.99",
    UV_TARGET: join(folder, "target"),
    UV_EXCLUDE_NEWER: "2001-01-01",
    CONDA_PREFIX: join(folder, "conda"),
    PYTHONPATH: folder,
  };
}

describe("a machine with nothing but Python", { timeout }, () => {
  let environments: string;
  let environment: Environment;
  let before: CommandResult;
  let both: readonly CommandResult[];

  beforeAll(async () => {
    environments = createEnvironmentsFolder();
    environment = createEnvironmentIn(environments);
    before = await machine.run(environment.checkCommand.argv, { PATH });
    const install = () => machine.run(environment.install.argv, { PATH, ...settingsOfTheOwner() });
    both = await Promise.all([install(), install()]);
  }, timeout);

  afterAll(() => rmSync(environments, { recursive: true, force: true }));

  it("fails the check before the installation", () => {
    expect(before.exitCode).toBe(1);
  });

  it("gets uv and one environment when two install at once, whatever its settings for pip, uv and Python", () => {
    expect(
      both.map((done) => done.exitCode),
      both[0]?.stdout,
    ).toEqual([0, 0]);
    expect(both.filter((done) => done.stdout.includes("installed in"))).toHaveLength(1);
    expect(both.filter((done) => done.stdout.includes("already installed"))).toHaveLength(1);
    expect(existsSync(join(environments, "tools-uv/bin/uv"))).toBe(true);
  });

  it("has a working environment without network, and lists its versions", async () => {
    const found = await machine.run(environment.checkCommand.argv, { PATH, ...noNetwork });
    expect(found.exitCode, found.stdout + found.stderr).toBe(0);
    expect(parseFoundEnvironment(found.stdout)).toMatchObject({
      python: join(environment.folder, "bin/python"),
      ultralytics: expect.stringMatching(/^8\./),
      devices: 0,
    });
  });

  it("has no new files in the user's home", () => {
    expect(readdirSync(machine.home)).toEqual([]);
  });

  it("rebuilds a partial environment from uv's cache without network", async () => {
    rmSync(join(environment.folder, ".unitrain-complete"));
    rmSync(join(environment.folder, "bin"), { recursive: true });
    expect((await machine.run(environment.checkCommand.argv, { PATH })).exitCode).toBe(1);
    const again = await machine.run(environment.install.argv, { PATH, ...noNetwork });
    expect(again.exitCode, again.stdout).toBe(0);
    expect(again.stdout).toContain("no network: trying uv's cache");
    expect(existsSync(join(environment.folder, ".unitrain-complete"))).toBe(true);
  });

  it("fails the check when torch cannot see the GPU", async () => {
    const expected = JSON.stringify({ version: null, oldest: "8.0.140", gpu: true, devices: [] });
    // Checks once instead of for three minutes.
    const argv = [...environment.verify.argv.slice(0, -2), expected, "0"];
    const checked = await machine.run(argv, { PATH });
    expect(checked.exitCode).toBe(3);
    expect(explainFinished(environment, checked)).toMatch(/GPU cannot be used: torch .* sees no GPU/);
  });

  it("fails the check when another version than the named one is installed", async () => {
    const otherEnvironment = createEnvironmentIn(environments, { version: "8.2.1" });
    const argv = otherEnvironment.verify.argv.map((word) =>
      word === otherEnvironment.folder ? environment.folder : word,
    );
    const checked = await machine.run(argv, { PATH });
    expect(explainFinished(otherEnvironment, checked)).toContain(
      "a different version of Ultralytics than requested",
    );
  });

  it("reports an unknown version of Ultralytics", async () => {
    const otherEnvironment = createEnvironmentIn(environments, { version: "8.4.9999" });
    const failed = await machine.run(otherEnvironment.install.argv, { PATH });
    expect(explainFinished(otherEnvironment, failed)).toContain("no such version of Ultralytics");
    expect(existsSync(otherEnvironment.folder)).toBe(false);
  });
});
