import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { readLog } from "../../test/follow-to-end.ts";
import { createBytesEntry, createShipment } from "../../test/shipments.ts";
import { mountSmallDisk } from "../../test/small-disk.ts";
import { testMachine } from "../../test/test-machine.ts";
import { posixTransport } from "../posix-transport.ts";

describe("a full disk", () => {
  it("under the log of the job does not lose its exit code", async () => {
    const machine = await testMachine();
    const { session, workFolder, sh } = await mountSmallDisk(machine, "size=1m");
    const job = machine.job("yes 'a line of the log'; echo more >> more; exit 42", {
      cwd: join(workFolder, "cwd"),
    });
    await session.start(job, {}, testContext());
    const log = await readLog(session, job.id);
    expect(log.toString()).toMatch(/^a line of the log\n/);
    // The files of the start are removed again, which is all the space there is.
    expect(Number(await sh(`df -k '${workFolder}' | awk 'END { print $4 }'`))).toBeLessThan(16);
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "ended",
      exitCode: 42,
      logBytes: log.length,
    });
  });

  it("that became read-only still gives the state and the log of a job", async () => {
    const machine = await testMachine();
    const { session, workFolder, executor, sh } = await mountSmallDisk(machine, "size=1m");
    const job = machine.job("echo a model > model", { cwd: join(workFolder, "cwd") });
    await session.start(job, {}, testContext());
    await readLog(session, job.id);
    await session[Symbol.asyncDispose]();
    await sh(`mount -o remount,ro '${join(workFolder, "..")}'`);
    const newTransport = await posixTransport({
      name: "test",
      supports: ["local"],
      connect: async () => executor,
    }).connect({ connectionKind: "local" }, { ...testContext(), workFolder });
    if ("ready" in newTransport) throw new Error(newTransport.reason);
    expect(await newTransport.getJobState(job.id, testContext())).toMatchObject({
      state: "ended",
      exitCode: 0,
    });
    for await (const file of newTransport.list(job.cwd, testContext()))
      await newTransport.fetch(file, join(machine.root, "here"), testContext(), () => {});
    expect(await readFile(join(machine.root, "here"), "utf8")).toBe("a model\n");
    await sh(`mount -o remount,rw '${join(workFolder, "..")}'`);
  });

  it("refuses to start a job", async () => {
    const machine = await testMachine();
    const { session, workFolder, sh } = await mountSmallDisk(machine, "size=256k");
    await sh(`cat /dev/zero > '${workFolder}/rest' 2>/dev/null`);
    const job = machine.job(":", { cwd: machine.root });
    await expect(session.start(job, {}, testContext())).rejects.toMatchObject({ code: "REMOTE_DISK" });
    await sh(`rm '${workFolder}/rest'`);
    await session.start(job, {}, testContext());
    await readLog(session, job.id);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 0 });
  });

  it("refuses a dataset with both sizes before anything is sent", async () => {
    const machine = await testMachine();
    const { session, workFolder, sh } = await mountSmallDisk(machine, "size=4m");
    const shipment = createShipment(machine, [createBytesEntry("a", Buffer.alloc(3_000_000, "x"))]);
    const target = join(workFolder, "runs/1/data");
    let sent = 0;
    await expect(
      session.ship({ ...shipment, target }, testContext(), () => {
        sent += 1;
      }),
    ).rejects.toMatchObject({
      code: "REMOTE_DISK",
      message: expect.stringMatching(/4\.2 MB free; the dataset's 3 MB are needed twice/),
    });
    expect(sent).toBe(0);
    expect(await sh(`find '${workFolder}' -type f`)).toBe("");
  });

  it.each([
    ["bytes", "size=1m", 6, 300_000, /no room for the dataset.*: \d.* free/],
    ["files", "size=4m,nr_inodes=60", 100, 10, /cannot hold more files: .*100 files are needed/],
  ])(
    "that runs out of %s during an upload is reported, and nothing remains",
    async (_what, options, files, size, message) => {
      const machine = await testMachine();
      const { session, workFolder, sh } = await mountSmallDisk(machine, options);
      const entries = Array.from({ length: files }, (_, at) =>
        createBytesEntry(`${at}`, Buffer.alloc(size, String(at))),
      );
      // Simulates a disk that becomes full after the check: the shipment claims to be small.
      const shipment = {
        ...createShipment(machine, entries),
        bytes: 1000,
        target: join(workFolder, "runs/1/data"),
      };
      await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
        code: "REMOTE_DISK",
        message: expect.stringMatching(message),
      });
      await expect.poll(() => sh(`find '${workFolder}' -type f`), { timeout: 5_000 }).toBe("");
    },
  );
});
