import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn, explainFinished } from "../../test/bare-machine.ts";
import { write } from "../../test/drawn-set.ts";
import { noNetwork } from "../../test/this-machine.ts";

const machine = createBareMachines();

/** Returns the installer's command with other settings. */
function withSettings(environment: Environment, settings: Record<string, unknown>): readonly string[] {
  const { argv } = environment.install;
  const usual: Record<string, unknown> = JSON.parse(argv.at(-1) ?? "");
  return [...argv.slice(0, -1), JSON.stringify({ ...usual, ...settings })];
}

describe("an installation that fails is explained and leaves no partial environment", {
  timeout: 90_000,
}, () => {
  it("without Python", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const failed = await machine.run(environment.install.argv, { PATH: machine.path() });
    expect(explainFinished(environment, failed)).toBe("The machine has no Python 3.");
  });

  it("without network, when uv is missing", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python });
    const failed = await machine.run(environment.install.argv, { PATH, ...noNetwork });
    expect(explainFinished(environment, failed)).toContain("cannot reach the Python package index");
    expect(existsSync(environment.folder)).toBe(false);
  });

  it("without network, when uv is installed and its cache is empty", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python });
    const tools = machine.emptyFolder();
    const pip = ["-m", "pip", "install", "--quiet", "--root-user-action=ignore", "--target", tools, "uv"];
    execFileSync(machine.python, pip);
    const env = { PATH: `${PATH}:${join(tools, "bin")}`, UV_CACHE_DIR: machine.emptyFolder(), ...noNetwork };
    const failed = await machine.run(environment.install.argv, env);
    expect(explainFinished(environment, failed)).toContain("cannot reach the Python package index");
    expect(existsSync(environment.folder)).toBe(false);
  });

  it("without enough disk space, with both sizes", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python });
    const failed = await machine.run(withSettings(environment, { leastBytes: 1e18 }), { PATH });
    expect(explainFinished(environment, failed)).toMatch(
      /[\d.]+ GB are free in .*need up to 1000000000\.0 GB/,
    );
  });

  it("when the disk becomes full during the installation", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python, mkdir: "/bin/mkdir" });
    machine.program(
      PATH,
      "uv",
      `case "$1" in --version) exit 0 ;; venv) mkdir -p "${environment.folder}/bin"; exit 0 ;; esac
echo 'error: Failed to write to the cache'
echo '  Caused by: No space left on device (os error 28)'
exit 2`,
    );
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(explainFinished(environment, failed)).toContain("No space left on device");
    expect(existsSync(environment.folder)).toBe(false);
  });

  it("when torch for the CPU is unreachable, after the default build was tried and its size was shown", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python });
    const calls = join(PATH, "calls");
    machine.program(
      PATH,
      "uv",
      `case "$1" in --version|venv) exit 0 ;; esac
echo "$*" >>"${calls}"
case "$*" in *--torch-backend=cpu*) echo 'error: dns error'; exit 2 ;; esac
echo 'error: No space left on device'; exit 1`,
    );
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(failed.stdout).toContain(
      "cannot reach torch without CUDA: installing the default build, about 6 GB",
    );
    expect(readFileSync(calls, "utf8").match(/--torch-backend=cpu/g)).toHaveLength(1);
    expect(explainFinished(environment, failed)).toContain("No space left");
  });

  it("when only torch without CUDA fits and is unreachable, with the size that plan and doctor name", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path({ python3: machine.python });
    machine.program(
      PATH,
      "uv",
      'case "$1" in --version|venv) exit 0 ;; esac; echo "error: dns error"; exit 2',
    );
    const failed = await machine.run(withSettings(environment, { leastBytes: 1, neededBytes: 1e18 }), {
      PATH,
    });
    expect(explainFinished(environment, failed)).toMatch(/GB are free in .*need up to 1000000000\.0 GB/);
    expect(environment.room?.neededBytes).toBe(8e9);
  });

  it.each([
    [["unitrain-has-no-such-package"], "A requested package is not on the package index"],
    [["numpy<1.20"], "cannot be installed together"],
  ])("with packages that cannot be installed: %j", async (pip, message) => {
    const environment = createEnvironmentIn(machine.emptyFolder(), { pip });
    const PATH = machine.path({ python3: machine.python });
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(explainFinished(environment, failed)).toContain(message);
    expect(existsSync(environment.folder)).toBe(false);
  });

  it.each([
    [
      "error: Git executable not found. Ensure that Git is installed and available.",
      "there is no git on the machine",
    ],
    ["  fatal: could not read Username for 'https://example.com'", "git repository cannot be fetched"],
  ])("when git fails: %s", async (gitOutput, message) => {
    const environment = createEnvironmentIn(machine.emptyFolder(), {
      pip: ["git+https://example.com/me/nets"],
    });
    const PATH = machine.path({ python3: machine.python });
    machine.program(PATH, "uv", `case "$1" in --version|venv) exit 0 ;; esac; echo "${gitOutput}"; exit 1`);
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(explainFinished(environment, failed)).toContain(message);
  });

  it("without venv and pip", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path();
    machine.program(PATH, "python3", `exec "${pythonWithoutPip()}" "$@"`);
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(explainFinished(environment, failed)).toContain("has neither venv nor pip");
  });

  it("without venv and pip, after trying the system's packages where that needs no password", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path();
    const calls = join(PATH, "calls");
    machine.program(PATH, "python3", `exec "${pythonWithoutPip()}" "$@"`);
    machine.program(PATH, "sudo", 'shift; exec "$@"');
    machine.program(PATH, "true", "exit 0");
    machine.program(PATH, "apt-get", `echo "$DEBIAN_FRONTEND $*" >>"${calls}"; exit 100`);
    const failed = await machine.run(environment.install.argv, { PATH, ...noNetwork });
    expect(failed.exitCode).toBe(1);
    expect(readFileSync(calls, "utf8")).toMatch(
      /noninteractive .*update\nnoninteractive .*install -y .*python3-venv python3-pip\n/,
    );
  });

  it("with a Python that is too old when no newer one is available", async () => {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const PATH = machine.path();
    // Reports version 3.7 both to the search for a Python and to the program.
    const pretend =
      "import sys; sys.version_info = (3, 7, 17); code = sys.argv.pop(2); sys.argv.pop(1); exec(code)";
    machine.program(PATH, "python3", `exec "${machine.python}" -c '${pretend}' "$@"`);
    machine.program(
      PATH,
      "uv",
      'case "$1" in --version) exit 0 ;; esac; echo "error: No interpreter found"; exit 2',
    );
    const failed = await machine.run(environment.install.argv, { PATH });
    expect(explainFinished(environment, failed)).toContain("too old for Ultralytics: Python 3.7");
  });
});

/** A Python like Debian's without python3-venv and python3-pip. */
function pythonWithoutPip(): string {
  const folder = join(machine.emptyFolder(), "venv");
  execFileSync(machine.python, ["-m", "venv", "--without-pip", folder]);
  const python = join(folder, "bin/python");
  const script = "import site; print(site.getsitepackages()[0])";
  const packages = execFileSync(python, ["-c", script], { encoding: "utf8" }).trim();
  const without = "import sys; sys.modules.update(venv=None, ensurepip=None, pip=None, virtualenv=None)\n";
  write(join(packages, "without.pth"), without);
  return python;
}
