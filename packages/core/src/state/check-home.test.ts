import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openRuns } from "../runs/open-runs.ts";
import { checkHome, findSafetyProblem } from "./check-home.ts";
import { openHome } from "./home.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "unitrain-home-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("a state folder", () => {
  test.each([
    [{ uid: 1000, mode: 0o40700 }, undefined],
    [{ uid: 1000, mode: 0o40755 }, undefined],
    [{ uid: 0, mode: 0o40755 }, undefined],
    [{ uid: 1001, mode: 0o40700 }, /belongs to another user \(uid 1001; you are uid 1000\)/],
    [{ uid: 1000, mode: 0o40770 }, /can write to the state folder \/state \(mode 770\)/],
    [{ uid: 1000, mode: 0o40702 }, /mode 702/],
    [{ uid: 0, mode: 0o41777 }, /mode 777/],
  ])("of %o", (found, message) => {
    const error = findSafetyProblem("/state", found, 1000);
    if (message === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code: "STATE_UNSAFE", message: expect.stringMatching(message) });
  });

  test("of another user is refused for root as well", () => {
    expect(findSafetyProblem("/state", { uid: 1000, mode: 0o40700 }, 0)).toMatchObject({
      hint: "Set UNITRAIN_HOME to a folder of your own, or take this one over: chown -R 0 /state",
    });
  });

  test("that others can write to is refused by every command, with a hint how to fix it", async () => {
    const home = await folder();
    await chmod(home, 0o777);
    const unsafe = { code: "STATE_UNSAFE", hint: `Run: chmod 700 ${home}` };
    const runs = openRuns({ home });
    await expect(runs.runs()).rejects.toMatchObject(unsafe);
    await expect(runs.gc()).rejects.toMatchObject(unsafe);
    await expect(runs.attach()).rejects.toMatchObject(unsafe);
    await expect(runs.guard({ idleMs: 0 })).rejects.toMatchObject(unsafe);
    await expect(runs.wakeGuardian()).rejects.toMatchObject(unsafe);
    await expect(openHome(home)).rejects.toMatchObject(unsafe);
    await chmod(home, 0o700);
    expect(await runs.runs()).toEqual([]);
  });

  test("that is a file is refused, and one that does not exist is accepted", async () => {
    const path = join(await folder(), "home");
    await checkHome(path);
    await writeFile(path, "");
    await expect(checkHome(path)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
  });

  test("of a newer version is refused by every command", async () => {
    const home = await folder();
    await openHome(home);
    expect(await readFile(join(home, "format"), "utf8")).toBe("2\n");
    // A folder of the first format is upgraded.
    await writeFile(join(home, "format"), "1\n");
    await openHome(home);
    expect(await readFile(join(home, "format"), "utf8")).toBe("2\n");
    await writeFile(join(home, "format"), "3\n");
    const newer = {
      code: "STATE_UNREADABLE",
      message: expect.stringContaining("a newer version of unitrain wrote it (format 3;"),
      hint: expect.stringContaining("Update unitrain"),
    };
    const runs = openRuns({ home });
    await expect(runs.runs()).rejects.toMatchObject(newer);
    await expect(runs.gc()).rejects.toMatchObject(newer);
    await expect(runs.guard({ idleMs: 0 })).rejects.toMatchObject(newer);
    await expect(openHome(home)).rejects.toMatchObject(newer);
    expect(await readFile(join(home, "format"), "utf8")).toBe("3\n");
  });

  test("without a format, or with an unreadable one, is accepted", async () => {
    const home = await folder();
    await mkdir(join(home, "runs"));
    expect(await openRuns({ home }).runs()).toEqual([]);
    for (const content of ["", "\0[]", "1"]) {
      await writeFile(join(home, "format"), content);
      expect(await openRuns({ home }).runs()).toEqual([]);
    }
    await rm(join(home, "format"));
    await mkdir(join(home, "format"));
    expect(await openRuns({ home }).runs()).toEqual([]);
  });

  test("below /proc fails at once instead of hanging", async () => {
    await expect(openHome("/proc/unitrain/state")).rejects.toMatchObject({ code: "LEDGER_UNWRITABLE" });
    expect(await openRuns({ home: "/proc/unitrain/state" }).runs()).toEqual([]);
  });
});
