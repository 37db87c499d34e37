import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createExecutorWithout } from "../../test/shipments.ts";
import { type OnEnd, type TestMachine, testMachine } from "../../test/test-machine.ts";
import { setsid } from "./setsid.ts";
import { tmux } from "./tmux.ts";

/** Creates a machine without tmux, whose `apt-get`, `id` and `sudo` are scripts of the test. */
async function createMachine(programs: Readonly<Record<string, string>>, isAtEnd: OnEnd) {
  const machine = await testMachine(isAtEnd);
  const executor = await createExecutorWithout(machine, [
    "tmux",
    "apt-get",
    "dnf",
    "yum",
    "apk",
    "sudo",
    "id",
  ]);
  const bin = join(machine.root, "bin");
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const session = await machine.connect({ executor, launchers: [tmux({ install: true }), setsid()] });
  return { machine, session };
}

const root = "echo 0";
const user = "echo 1000";
/** Records its arguments, then installs a tmux that does nothing. */
function apt(machine = "$PWD") {
  return `echo "$*" >> "${machine}/asked"; case "$*" in *update*) exit 0 ;; *install*) printf '#!/bin/sh\\nexit 1\\n' > "$(dirname "$0")/tmux"; chmod 755 "$(dirname "$0")/tmux" ;; esac`;
}

function readRequests({ workFolder }: TestMachine): string {
  const file = join(workFolder, "asked");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

describe.concurrent("tmux on a machine that has none", () => {
  it("is installed by root with a status message, and the training runs", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session } = await createMachine({ id: root, "apt-get": apt() }, onTestFinished);
    const context = testContext();
    const job = machine.job("exit 5");
    await session.start(job, {}, context);
    expect(readRequests(machine)).toContain("install --no-install-recommends tmux");
    expect(context.statusMessages).toEqual(["tmux installed, to view the training on the machine"]);
    await expect
      .poll(() => session.getJobState(job.id, testContext()))
      .toMatchObject({ state: "ended", exitCode: 5 });
    expect(existsSync(join(machine.workFolder, "tmux-install"))).toBe(false);
  });

  it("is installed with sudo where that needs no password", async ({ expect, onTestFinished }) => {
    const { machine, session } = await createMachine(
      { id: user, sudo: 'shift; exec "$@"', "apt-get": apt() },
      onTestFinished,
    );
    const context = testContext();
    await session.start(machine.job("true"), {}, context);
    expect(context.statusMessages).toEqual(["tmux installed, to view the training on the machine"]);
  });

  it("is not installed where that needs a password or no package manager is known", async ({
    expect,
    onTestFinished,
  }) => {
    const withPassword = await createMachine({ id: user, sudo: "exit 1", "apt-get": apt() }, onTestFinished);
    const unknown = await createMachine({ id: root }, onTestFinished);
    for (const { machine, session } of [withPassword, unknown]) {
      const context = testContext();
      await session.start(machine.job("true"), {}, context);
      expect(readRequests(machine)).toBe("");
      expect(context.statusMessages).toEqual([expect.stringContaining("not permitted")]);
    }
  });

  it("shows why it cannot be installed, after the package lists were updated", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session } = await createMachine(
      {
        id: root,
        "apt-get":
          'echo "$*" >> asked; echo E: Unable to locate package tmux >&2; case "$*" in *update*) exit 0 ;; esac; exit 100',
      },
      onTestFinished,
    );
    const context = testContext();
    await session.start(machine.job("true"), {}, context);
    expect(readRequests(machine)).toMatch(/install.*\n.*update\n.*install/);
    expect(context.statusMessages).toEqual([expect.stringContaining("Unable to locate package tmux")]);
  });
});
