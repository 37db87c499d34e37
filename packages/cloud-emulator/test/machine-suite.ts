import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canCreate, type MachineKind } from "../src/machines/kind.ts";
import { type DrivenCloud, driveCloud, type Rented, unprivilegedUser } from "./machines.ts";

const isRoot = process.getuid?.() === 0;

/** The tests that a machine of every kind must pass, unless its kind does not allow them. */
export function runMachineSuite(kind: MachineKind): void {
  const isUnprivileged = isRoot && kind !== "root";
  const possible =
    process.platform === "linux" &&
    (isRoot || kind !== "root") &&
    canCreate(kind, isUnprivileged ? unprivilegedUser.uid : undefined);
  describe.runIf(possible)(`a machine (${kind})`, () => {
    const hasNamespaces = kind !== "plain";
    let cloud: DrivenCloud;
    let machine: Rented;
    let secondMachine: Rented;
    let shared: string;

    beforeAll(async () => {
      shared = await mkdtemp(path.join(tmpdir(), "unitrain-shared-"));
      await chmod(shared, 0o777);
      await writeFile(path.join(shared, "greeting"), "hello\n");
      cloud = await driveCloud({ isUnprivileged, namespaces: hasNamespaces, shared });
      [machine, secondMachine] = await Promise.all([
        cloud.rent("unitrain-a-b-1"),
        cloud.rent("unitrain-a-b-2"),
      ]);
      await Promise.all([machine.waitForLogin(), secondMachine.waitForLogin()]);
    });
    afterAll(async () => {
      await cloud.end();
      await rm(shared, { recursive: true, force: true });
    });

    test("accepts the key it was launched with, and no other", async () => {
      expect(await machine.ssh("echo $((6 * 7))")).toMatchObject({ ok: true, stdout: "42" });
      expect(await machine.ssh("true", { key: "wrong" })).toMatchObject({
        ok: false,
        stderr: expect.stringContaining("Permission denied"),
      });
      if (hasNamespaces) expect((await machine.ssh("true", { user: "root" })).ok).toBe(false);
    });

    test("has its own user, home folder and host name", async () => {
      const { stdout } = await machine.ssh("cd; pwd; id -un; hostname; echo gone > here; cat here");
      const [home = "", user, name, workingFolder] = stdout.split("\n");
      expect(workingFolder).toBe("gone");
      expect(user).toBe(machine.user);
      expect([home, name]).toEqual(
        hasNamespaces ? ["/home/ubuntu", "unitrain-a-b-1"] : [expect.any(String), hostname()],
      );
      if (hasNamespaces) expect(existsSync("/home/ubuntu/here")).toBe(false);
      else expect(home.startsWith(cloud.folder)).toBe(true);
    });

    test("transmits bytes in both directions, and the exit code", async () => {
      const { stdout } = await machine.ssh("head -c 3000000 /dev/zero | tr '\\0' x | cat | wc -c");
      expect(stdout).toBe("3000000");
      expect((await machine.ssh("head -c 700000 /dev/zero | tr '\\0' y")).stdout).toHaveLength(700_000);
      expect((await machine.ssh("exit 3")).ok).toBe(false);
    });

    if (hasNamespaces)
      test("sees no processes and no files of this computer", async () => {
        const inside = await machine.ssh("ls /proc | grep -c '^[0-9]'; cat /proc/1/cmdline | tr '\\0' ' '");
        const [count, first] = inside.stdout.split("\n");
        expect(Number(count)).toBeLessThan(20);
        expect(first).toContain("first-boot.sh");
        expect((await machine.ssh(`test -e ${process.cwd()}`)).ok).toBe(false);
        expect((await machine.ssh(`kill -0 ${process.pid}`)).ok).toBe(false);
        await machine.ssh("echo x > /tmp/unitrain-was-here; echo x > /var/tmp/unitrain-was-here");
        expect(existsSync("/tmp/unitrain-was-here") || existsSync("/var/tmp/unitrain-was-here")).toBe(false);
        const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
        expect((await machine.ssh("cat /proc/sys/kernel/random/boot_id")).stdout).not.toBe(bootId);
      });

    if (kind === "root")
      test("has sudo, and keeps installed files inside the machine", async () => {
        const command =
          "sudo -n id -u; sudo -n sh -c 'echo x | tee /usr/bin/was-here /etc/was-here'; ls /usr/bin/was-here";
        expect(await machine.ssh(command)).toMatchObject({ ok: true, stdout: "0\nx\n/usr/bin/was-here" });
        expect(existsSync("/usr/bin/was-here") || existsSync("/etc/was-here")).toBe(false);
        expect(
          (await machine.ssh("df -P / | tail -1 | awk '{print $2 > 1000000}' ; mount -t overlay -l | wc -l"))
            .ok,
        ).toBe(true);
      });

    if (hasNamespaces)
      test("sees the shared folders with the requested access", async () => {
        expect(await machine.ssh("cat /opt/shared/greeting; echo x > /opt/shared/greeting")).toMatchObject({
          ok: false,
          stdout: "hello",
        });
        expect((await machine.ssh("echo there > ~/.cache/both/there")).ok).toBe(true);
        expect(readFileSync(path.join(shared, "there"), "utf8")).toBe("there\n");
        expect((await machine.ssh("touch ~/.cache/own && stat -c %U ~/.cache")).stdout).toBe("ubuntu");
        expect(readFileSync(path.join(shared, "greeting"), "utf8")).toBe("hello\n");
      });

    test("sets the configured variables in every login", async () => {
      expect((await machine.ssh("printenv GREETING")).stdout).toBe('two "words" \\ $HOME');
    });

    test("keeps its jobs running after the login, and reaps them when they end", async () => {
      await machine.ssh("setsid sh -c 'sleep 0.2; echo done > ~/job' > /dev/null 2>&1 < /dev/null &");
      await expect
        .poll(async () => (await machine.ssh("cat ~/job")).stdout, { timeout: 10_000 })
        .toBe("done");
      if (hasNamespaces) expect((await machine.ssh("ps axo stat= | grep -c Z")).stdout).toBe("0");
    });

    test("has its own host key", async () => {
      const keys = [await machine.hostKey(), await secondMachine.hostKey(), await machine.hostKey()];
      expect(keys[0]).toMatch(/^AAAA/);
      expect(keys[0]).toBe(keys[2]);
      expect(keys[0]).not.toBe(keys[1]);
    });

    test("ends all processes on a restart, keeps the disk and has a new boot id", async () => {
      const mark = String(randomInt(1e8, 1e9));
      await machine.ssh(`echo kept > ~/kept; setsid sleep ${mark} > /dev/null 2>&1 < /dev/null &`);
      await expect.poll(() => sleepers(mark).length, { timeout: 10_000 }).toBeGreaterThan(0);
      const before = await machine.ssh("cat /proc/sys/kernel/random/boot_id");
      await cloud.call("POST", "/instance-operations/restart", { id: machine.id });
      await expect.poll(() => sleepers(mark), { timeout: 10_000 }).toEqual([]);
      await machine.waitForLogin();
      const { stdout } = await machine.ssh("cat ~/kept /proc/sys/kernel/random/boot_id");
      expect(stdout.startsWith("kept\n")).toBe(true);
      if (hasNamespaces) expect(stdout).not.toContain(before.stdout);
    });

    if (kind === "root")
      test("boots again after a reboot from inside; is SHUTOFF and still billed after a shutdown from inside", async () => {
        const before = await secondMachine.ssh("cat /proc/sys/kernel/random/boot_id");
        await secondMachine.ssh("sudo reboot");
        await secondMachine.waitForLogin();
        expect((await secondMachine.ssh("cat /proc/sys/kernel/random/boot_id")).stdout).not.toBe(
          before.stdout,
        );
        await secondMachine.ssh("sudo shutdown -h now");
        const status = async () => (await cloud.call("GET", `/instances/${secondMachine.id}`)).data.status;
        await expect.poll(status, { timeout: 10_000 }).toBe("SHUTOFF");
        expect(await secondMachine.probePort()).toBe("refused");
      });

    test("ends when the emulator is killed with -9, and boots from its disk in the next emulator", async () => {
      const mark = String(randomInt(1e8, 1e9));
      await machine.ssh(`echo still > ~/still; setsid sleep ${mark} > /dev/null 2>&1 < /dev/null &`);
      await expect.poll(() => sleepers(mark).length, { timeout: 10_000 }).toBeGreaterThan(0);
      await cloud.killAndRestart();
      await expect.poll(() => sleepers(mark), { timeout: 10_000 }).toEqual([]);
      await machine.waitForLogin();
      expect((await machine.ssh("cat ~/still")).stdout).toBe("still");
    });

    test("ends all processes, removes the disk and frees the address on termination, and is gone only then", async () => {
      const mark = String(randomInt(1e8, 1e9));
      await machine.ssh(`setsid nohup sleep ${mark} > /dev/null 2>&1 < /dev/null &`);
      await machine.ssh("mkdir -p ~/closed/deep; echo x > ~/closed/deep/file; chmod 000 ~/closed");
      await expect.poll(() => sleepers(mark).length, { timeout: 10_000 }).toBeGreaterThan(0);
      await cloud.call("POST", "/instance-operations/terminate", { id: machine.id });
      await expect
        .poll(async () => (await cloud.call("GET", `/instances/${machine.id}`)).status, { timeout: 15_000 })
        .toBe(404);
      expect(sleepers(mark)).toEqual([]);
      expect(readdirSync(path.join(cloud.folder, "machines"))).not.toContain(machine.id);
      expect(await machine.probePort()).toBe("refused");
    });
  });
}

/** Returns the processes of this computer, namespaces included, that sleep for that many seconds. */
function sleepers(seconds: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8") === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });
}
