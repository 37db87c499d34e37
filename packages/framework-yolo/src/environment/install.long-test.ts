import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn } from "../../test/bare-machine.ts";
import { createEnvironmentsFolder } from "../../test/this-machine.ts";
import { parseFoundEnvironment } from "./found-environment.ts";

const timeout = 10 * 60_000;
const machine = createBareMachines();

describe("an installed environment", { timeout }, () => {
  const environments = createEnvironmentsFolder();
  const environment = createEnvironmentIn(environments);
  const PATH = machine.path({ python3: machine.python });

  beforeAll(async () => {
    const installed = await machine.run(environment.install.argv, { PATH });
    expect(installed.exitCode, installed.stdout).toBe(0);
  }, timeout);

  afterAll(() => rmSync(environments, { recursive: true, force: true }));

  it("is not needed where the machine's own Python has Ultralytics", async () => {
    const searchPath = machine.path();
    machine.program(searchPath, "python3", `exec "${environment.folder}/bin/python" "$@"`);
    const { checkCommand } = createEnvironmentIn(machine.emptyFolder());
    const found = await machine.run(checkCommand.argv, { PATH: searchPath });
    expect(parseFoundEnvironment(found.stdout)?.python, found.stdout).toBe(
      join(environment.folder, "bin/python"),
    );
  });

  it("is not needed where the Python of the machine's yolo has Ultralytics", async () => {
    const searchPath = machine.path({ python3: machine.python, yolo: join(environment.folder, "bin/yolo") });
    const { checkCommand } = createEnvironmentIn(machine.emptyFolder());
    const found = await machine.run(checkCommand.argv, { PATH: searchPath });
    expect(parseFoundEnvironment(found.stdout)?.python, found.stdout).toMatch(/\/bin\/python3?$/);
  });

  it("has the headless OpenCV where the default one does not load", async () => {
    const withFake = machine.path({ python3: machine.python, rm: "/bin/rm" });
    // Simulates a machine without libGL: the package is installed and cannot be loaded.
    machine.program(
      withFake,
      "uv",
      `"${environments}/tools-uv/bin/uv" "$@" || exit
case "$1 $2 $5" in "pip install ultralytics"*)
  for file in "${environment.folder}"/lib/python*/site-packages/cv2/__init__.py; do
    rm "$file"
    echo 'raise ImportError("libGL.so.1: cannot open shared object file")' >"$file"
  done ;;
esac`,
    );
    rmSync(join(environment.folder, ".unitrain-complete"));
    const again = await machine.run(environment.install.argv, { PATH: withFake });
    expect(again.exitCode, again.stdout).toBe(0);
    expect(again.stdout).toContain("OpenCV cannot be imported");
    expect((await machine.run(environment.checkCommand.argv, { PATH })).exitCode).toBe(0);
  });
});
