import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RemoteFile } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { type TestMachine, testMachine } from "../../test/test-machine.ts";

/** Creates a machine on which these programs are replaced by scripts of the test. */
async function createMachine(programs: Readonly<Record<string, string>>) {
  const machine = await testMachine();
  const bin = join(machine.root, "bin");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const executor = machine.executor("env", [`PATH=${bin}:${process.env.PATH}`, "sh", "-c"]);
  const session = await machine.connect({ executor });
  const path = join(machine.workFolder, "best.pt");
  writeFileSync(path, "x".repeat(1_000));
  const file: RemoteFile = { path, sizeBytes: 1_000, modifiedAt: new Date().toISOString() };
  return { machine, session, file, localPath: join(machine.root, "here") };
}

/** Lists the processes that were started on this machine and still run. */
function listProcesses(machine: TestMachine): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || / \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return false;
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${machine.home}`);
    } catch {
      return false;
    }
  });
}

async function leavesNothing(machine: TestMachine, session: AsyncDisposable): Promise<void> {
  await session[Symbol.asyncDispose]();
  await expect.poll(() => listProcesses(machine), { timeout: 10_000 }).toEqual([]);
}

const anyFind = 'for word do [ "$word" != -maxdepth ] || exit 0; done';

describe("a hostile machine", () => {
  it("whose list never ends is left, and no process of ours continues on it", async () => {
    const { machine, session } = await createMachine({
      find: `${anyFind}\nexec awk 'BEGIN { for (i = 0; ; i++) printf "/x/%d%c1%c1%c", i, 0, 0, 0 }'`,
    });
    let count = 0;
    for await (const _file of session.list(machine.workFolder, testContext())) {
      count += 1;
      if (count === 1) expect(listProcesses(machine)).not.toEqual([]);
      if (count > 10_000) break;
    }
    expect(count).toBe(10_001);
    await leavesNothing(machine, session);
  });

  it("that sends an endless name is refused with the limit", async () => {
    const { machine, session } = await createMachine({ find: `${anyFind}\nexec yes aaaaaaaaaaaaaaaa` });
    const listing = (async () => {
      for await (const _file of session.list(machine.workFolder, testContext()));
    })();
    await expect(listing).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("65536 bytes"),
    });
    await leavesNothing(machine, session);
  });

  it.each(["-5", "1e3", "99999999999999999999", "x", ""])(
    "that lists a file of the size %j lists no file",
    async (size) => {
      const { session, machine } = await createMachine({
        find: `${anyFind}\nprintf '/x/a\\0%s\\0001\\0' '${size}'`,
      });
      const files: RemoteFile[] = [];
      for await (const file of session.list(machine.workFolder, testContext())) files.push(file);
      expect(files).toEqual([]);
    },
  );

  it("that announces 1 KB and sends without end is refused with the limit", async () => {
    const { machine, session, file, localPath } = await createMachine({ head: "exec yes" });
    await expect(session.fetch(file, localPath, testContext(), () => {})).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("it was announced with"),
    });
    expect(existsSync(localPath)).toBe(false);
    await leavesNothing(machine, session);
  });

  it("that announces far more than it listed is refused with the limit before a byte is written", async () => {
    const { session, file, localPath } = await createMachine({
      ls: 'echo "-rw-r--r-- 1 0 0 999999999999999 Jan 1 00:00 x"',
    });
    let bytes = 0;
    await expect(
      session.fetch(file, localPath, testContext(), (done) => {
        bytes = done;
      }),
    ).rejects.toMatchObject({ code: "FETCH_FAILED", message: expect.stringContaining("more than 16.8 MB") });
    expect(bytes).toBe(0);
  });

  it("that sends a wrong sha256 gives no file, alone or with others", async () => {
    const sums = `printf '%s *%s\\n' ${"0".repeat(64)} "$4"`;
    const { session, file, localPath } = await createMachine({ openssl: sums });
    await expect(session.fetch(file, localPath, testContext(), () => {})).rejects.toMatchObject({
      code: "FETCH_FAILED",
    });
    const saved: string[] = [];
    await session.fetchMany([{ file, localPath }], testContext(), () => saved.push(localPath));
    expect(saved).toEqual([]);
    expect(existsSync(localPath)).toBe(false);
  });

  it("that sends an endless archive member is refused with the limit", async () => {
    const header = Buffer.alloc(512);
    header.write("./x", 0);
    header.write("77777777777\0", 124);
    header.write("ustar\0", 257);
    header.write("0", 156);
    const { machine, session, file, localPath } = await createMachine({
      tar: `printf '${[...header].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}'; exec cat /dev/zero`,
    });
    await expect(session.fetchMany([{ file, localPath }], testContext(), () => {})).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("4194304 bytes"),
    });
    await leavesNothing(machine, session);
  });

  it("that sends endless checksums is refused with the limit", async () => {
    const { machine, session, file, localPath } = await createMachine({
      openssl: `exec yes '${"0".repeat(64)} *./x'`,
    });
    await expect(session.fetchMany([{ file, localPath }], testContext(), () => {})).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("1 lines"),
    });
    await leavesNothing(machine, session);
  });
});
