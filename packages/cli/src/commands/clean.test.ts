import { spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@unitrain/provider-local";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { main } from "../main.ts";
import { parseAge } from "../settings/parse-age.ts";

const scratch = scratchFolders();
const cacheBefore = process.env.XDG_CACHE_HOME;
afterEach(() => {
  if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cacheBefore;
});

/** This computer as a machine on which things of ours lie that were used long ago, and one that was used now. */
function machine() {
  const root = scratch();
  const workFolder = join(root, "work");
  const environments = join(root, "cache/unitrain/1/environments");
  // The machine's own commands see it, as they are started from here.
  process.env.XDG_CACHE_HOME = join(root, "cache");
  const old = new Date(Date.now() - 40 * 86_400_000);
  const item = (path: string, time: Date) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "file"), "x".repeat(50_000));
    for (const entryPath of [join(path, "file"), path]) utimesSync(entryPath, time, time);
  };
  item(join(workFolder, "runs/20260101-000000-aaaa"), old);
  item(join(workFolder, "jobs/20260101-000000-aaaa-1"), old);
  writeFileSync(join(workFolder, "jobs/20260101-000000-aaaa-1/exit"), "0\n");
  item(join(workFolder, "store/0123456789abcdef"), old);
  item(join(environments, "ultralytics-8.3.0-cpu"), old);
  item(join(environments, "ultralytics-8.4.0-cpu"), new Date());
  symlinkSync("/etc", join(environments, "link"));
  const runCli = async (line: string) => {
    const home = scratch();
    const cli = createCollectingContext(
      { adapters: { provider: local({ workFolder }) } },
      { folder: root, env: { HOME: home, UNITRAIN_HOME: join(home, "state") } },
    );
    const exitCode = await main(line.split(" "), cli.context);
    return { exitCode, out: cli.stdout.text(), stderr: cli.stderr.text() };
  };
  return { workFolder, environments, runCli };
}

describe("clean", () => {
  it("removes only files that were not used for the given time", async () => {
    const { workFolder, environments, runCli } = machine();
    const dry = await runCli("clean --on local --dry-run");
    expect(dry.exitCode).toBe(0);
    expect(dry.out).toMatch(/environment +ultralytics-8\.3\.0-cpu .* 40 days +to be removed/);
    expect(dry.out).toMatch(/environment +ultralytics-8\.4\.0-cpu .* kept: used recently/);
    expect(dry.out).toMatch(/3 folders, .* would be removed\.\n$/);
    expect(existsSync(join(workFolder, "store/0123456789abcdef"))).toBe(true);

    const { exitCode, out } = await runCli("clean --on local --yes");
    expect(exitCode).toBe(0);
    expect(out).toContain("Removed 3 folders");
    for (const path of [
      join(workFolder, "runs/20260101-000000-aaaa"),
      join(workFolder, "jobs/20260101-000000-aaaa-1"),
      join(workFolder, "store/0123456789abcdef"),
      join(environments, "ultralytics-8.3.0-cpu"),
    ])
      expect(existsSync(path), path).toBe(false);
    expect(existsSync(join(environments, "ultralytics-8.4.0-cpu"))).toBe(true);
    expect(existsSync("/etc/passwd")).toBe(true);
    expect((await runCli("clean --on local --yes")).out).toContain(
      "There is nothing old and unused to remove.",
    );
  });

  it("never removes a folder in which a process runs", async () => {
    const { environments, runCli } = machine();
    const program = join(environments, "ultralytics-8.3.0-cpu/sleep");
    symlinkSync("/bin/sleep", program);
    const running = spawn(program, ["60"]);
    onTestFinished(() => void running.kill());
    const { out } = await runCli("clean --on local --older-than 0 --yes");
    expect(out).toMatch(/ultralytics-8\.3\.0-cpu .* a process runs in it/);
    expect(existsSync(program)).toBe(true);
    expect(existsSync(join(environments, "ultralytics-8.4.0-cpu"))).toBe(false);
  });

  it("asks first, or names the flag to add if there is no terminal", async () => {
    const { workFolder, runCli } = machine();
    const { exitCode, stderr } = await runCli("clean --on local");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Add --yes");
    expect(existsSync(join(workFolder, "store/0123456789abcdef"))).toBe(true);
    expect((await runCli("clean --on local --older-than soon")).exitCode).toBe(2);
  });

  it("is suggested by doctor, with sizes and ages", async () => {
    const { runCli } = machine();
    const { out } = await runCli("doctor --on local");
    expect(out).toMatch(/- stored there +4 folders, [\d.]+ kB in all/);
    expect(out).toMatch(/- environment +ultralytics-8\.3\.0-cpu, [\d.]+ kB, used 40 days ago/);
    expect(out).toMatch(/- run +20260101-000000-aaaa/);
  });
});

it.each([
  ["30d", 30 * 86_400_000],
  ["12h", 12 * 3600_000],
  ["2w", 14 * 86_400_000],
  ["7", 7 * 86_400_000],
  ["0", 0],
  ["soon", undefined],
  ["-1d", undefined],
])("parses the age %j as %j ms", (text, ms) => {
  expect(parseAge(text)).toBe(ms);
});
