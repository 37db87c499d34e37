import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { driveCloud, unprivilegedUser } from "../../test/machines.ts";
import { startEmulator } from "../canopywave/emulator.ts";
import { canCreate, type MachineKind } from "./kind.ts";

const isRoot = process.getuid?.() === 0;
const linux = process.platform === "linux";

/** A computer whose own \`ubuntu\` user has another uid than the one in the cloud's images. */
const accounts = {
  passwd: [
    "ubuntu:x:4321:4322:Not that one:/srv/elsewhere:/usr/sbin/nologin",
    "first:x:1000:1000::/home/first:/bin/sh",
  ],
  group: ["ubuntu:x:4322:", "first:x:1000:"],
};

// The accounts are replaced in a mount namespace, which only root can create.
describe.runIf(linux && isRoot)("on a computer with an unusual setup", () => {
  test.each<MachineKind>(["root", "user"])(
    "a machine (%s) with shared environments accepts logins where ubuntu has another uid and the umask is 077",
    { timeout: 60_000 },
    async (kind) => {
      const isUnprivileged = kind === "user";
      expect(canCreate(kind, isUnprivileged ? unprivilegedUser.uid : undefined)).toBe(true);
      const environments = await mkdtemp(path.join(tmpdir(), "unitrain-environments-"));
      await writeFile(path.join(environments, "python"), "#!/bin/sh\necho 3.12\n", { mode: 0o755 });
      await chmod(environments, 0o755);
      const cloud = await driveCloud({
        isUnprivileged,
        namespaces: true,
        accounts,
        umask: "077",
        share: [
          { from: environments },
          { from: environments, to: "/home/ubuntu/.cache/unitrain/1/environments" },
        ],
      });
      onTestFinished(async () => {
        await cloud.end();
        await rm(environments, { recursive: true, force: true });
      });
      const machine = await cloud.rent("unitrain-a-b-1");
      await machine.waitForLogin();
      const command = `id -un; id -u; id -g; cd; pwd; echo x > new && stat -c %U new; ~/.cache/unitrain/1/environments/python; ${environments}/python; touch ~/.cache/unitrain/1/mine && echo mine`;
      expect((await machine.ssh(command)).stdout.split("\n")).toEqual([
        "ubuntu",
        "1000",
        "1000",
        "/home/ubuntu",
        "ubuntu",
        "3.12",
        "3.12",
        "mine",
      ]);
      if (kind === "root") expect((await machine.ssh("sudo -n id -u")).stdout).toBe("0");
    },
  );
});

test.runIf(linux)("refuses a missing shared folder at the start, with its name", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "unitrain-share-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const missing = path.join(folder, "environments");
  await expect(
    startEmulator({ folder: path.join(folder, "cloud"), machines: "real", share: [{ from: missing }] }),
  ).rejects.toThrow(`Cannot share ${missing}: it does not exist`);
});
