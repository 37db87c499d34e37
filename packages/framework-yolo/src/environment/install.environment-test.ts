import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult, Environment } from "@unitrain/core/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn, explainFinished } from "../../test/bare-machine.ts";
import { write } from "../../test/drawn-set.ts";
import { createEnvironmentsFolder, noNetwork } from "../../test/this-machine.ts";
import { parseFoundEnvironment } from "./found-environment.ts";

/** Gigabytes are installed, from the network when uv's cache does not have them yet. */
const timeout = 10 * 60_000;

const machine = createBareMachines();
const PATH = machine.path({ python3: machine.python });

/** What people set for other Pythons on the machine, each of which has sent packages elsewhere or found others. */
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

  it("has no environment at first, which is not taken for one", () => {
    expect(before.exitCode).toBe(1);
  });

  it("gets uv and an environment, whatever the machine's owner set for pip, uv and Python, once, when two install at once", () => {
    expect(
      both.map((done) => done.exitCode),
      both[0]?.stdout,
    ).toEqual([0, 0]);
    expect(both.filter((done) => done.stdout.includes("installed in"))).toHaveLength(1);
    expect(both.filter((done) => done.stdout.includes("already installed"))).toHaveLength(1);
    expect(existsSync(join(environments, "tools-uv/bin/uv"))).toBe(true);
  });

  it("has a working environment then, with the network gone, and says what is in it", async () => {
    const found = await machine.run(environment.checkCommand.argv, { PATH, ...noNetwork });
    expect(found.exitCode, found.stdout + found.stderr).toBe(0);
    expect(parseFoundEnvironment(found.stdout)).toMatchObject({
      python: join(environment.folder, "bin/python"),
      ultralytics: expect.stringMatching(/^8\./),
      devices: 0,
    });
  });

  it("has nothing new in the user's home", () => {
    expect(readdirSync(machine.home)).toEqual([]);
  });

  it("makes a half-made environment anew, from uv's cache with the network gone", async () => {
    rmSync(join(environment.folder, ".unitrain-complete"));
    rmSync(join(environment.folder, "bin"), { recursive: true });
    expect((await machine.run(environment.checkCommand.argv, { PATH })).exitCode).toBe(1);
    const again = await machine.run(environment.install.argv, { PATH, ...noNetwork });
    expect(again.exitCode, again.stdout).toBe(0);
    expect(again.stdout).toContain("no network: trying uv's cache");
    expect(existsSync(join(environment.folder, ".unitrain-complete"))).toBe(true);
  });

  it("does not take a GPU that torch cannot see for one that works", async () => {
    const expected = JSON.stringify({ version: null, oldest: "8.0.140", gpu: true, devices: [] });
    // One look instead of three minutes of them.
    const argv = [...environment.verify.argv.slice(0, -2), expected, "0"];
    const checked = await machine.run(argv, { PATH });
    expect(checked.exitCode).toBe(3);
    expect(explainFinished(environment, checked)).toMatch(/GPU cannot be used: torch .* sees no GPU/);
  });

  it("is not content with another version than the one that was named", async () => {
    const otherEnvironment = createEnvironmentIn(environments, { version: "8.2.1" });
    const argv = otherEnvironment.verify.argv.map((word) =>
      word === otherEnvironment.folder ? environment.folder : word,
    );
    const checked = await machine.run(argv, { PATH });
    expect(explainFinished(otherEnvironment, checked)).toContain("another Ultralytics than was asked for");
  });

  it("is told when there is no such version of Ultralytics", async () => {
    const otherEnvironment = createEnvironmentIn(environments, { version: "8.4.9999" });
    const failed = await machine.run(otherEnvironment.install.argv, { PATH });
    expect(explainFinished(otherEnvironment, failed)).toContain("no such version of Ultralytics");
    expect(existsSync(otherEnvironment.folder)).toBe(false);
  });
});
