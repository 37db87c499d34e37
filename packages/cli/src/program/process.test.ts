import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { processes } from "../../test/process.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { getCompileCacheFolder } from "./compile-cache.ts";
import { describeUnsupportedNode } from "./node-version.ts";

const start = processes();
const scratch = scratchFolders();

describe("without a terminal", () => {
  it("the process ends with 0 when the run is over", async () => {
    const run = start(["train", "./shapes"], { STORY_BATCH_MS: "0" });
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Done     swift-otter");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s leaves a training that runs, with 130",
    async (signal) => {
      const run = start(["train", "./shapes"], { STORY_BATCH_MS: "50" });
      await run.printed("epoch  1/12");
      run.child.kill(signal);
      expect(await run.ended).toBe(130);
      expect(run.text()).toContain("unitrain attach swift-otter");
      expect(run.readCalls()).toBe("assemble local, start, detach, dispose");
    },
  );

  it.each(["SIGINT", "SIGTERM"] as const)("%s stops a run that prepares, with 130", async (signal) => {
    const run = start(["train", "./shapes"], { STORY_BEGINNING_MS: "500" });
    await run.printed("connection");
    run.child.kill(signal);
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("Stopping swift-otter");
    expect(run.readCalls()).toBe("assemble local, start, stop, dispose");
  });

  it("SIGHUP leaves a run that prepares as soon as its training runs", async () => {
    const run = start(["train", "./shapes"], { STORY_BEGINNING_MS: "200" });
    await run.printed("connection");
    run.child.kill("SIGHUP");
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("environment");
    expect(run.readCalls()).toBe("assemble local, start, detach, dispose");
  });

  it("a reader that closes the pipe does not end the run and causes no message", async () => {
    const run = start(["train", "./shapes", "--json"], { STORY_BATCH_MS: "5" });
    run.child.stdout?.once("data", () => run.child.stdout?.destroy());
    expect(await run.ended).toBe(0);
    expect(run.text()).not.toContain("EPIPE");
    expect(run.readCalls()).toBe("assemble local, start, dispose");
  });

  it("colors are shown only if they are forced", async () => {
    const bold = `${String.fromCharCode(27)}[1mRun`;
    const forced = start(["plan", "./shapes"], { FORCE_COLOR: "1" });
    const plain = start(["plan", "./shapes"]);
    await Promise.all([forced.ended, plain.ended]);
    expect(forced.text()).toContain(bold);
    expect(plain.text()).toContain("Run    swift-otter");
  });

  it("an uncaught error is reported without a stack", async () => {
    const run = start(["train", "./shapes"], { STORY_REJECT: "1", STORY_BEGINNING_MS: "5000" });
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain("nobody caught this");
    expect(run.text()).not.toContain("    at ");
  });

  it("an interrupt during planning ends with 130, without an error", async () => {
    const run = start(["plan", "./shapes"], { STORY_PLAN_MS: "10000" });
    await run.printed("checking");
    run.child.kill("SIGINT");
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("Stopped before anything was started.");
    expect(run.text()).not.toContain("Error");
  });

  it("warnings about experimental modules of Node are hidden, and other warnings are shown", async () => {
    const run = start(["plan", "./shapes"], { STORY_WARN: "1" });
    await run.ended;
    expect(run.text()).not.toContain("sqlite");
    expect(run.text()).toContain("worth knowing");
  });
});

describe("compiled code", () => {
  it("is kept in a folder of the user, where nobody else can put code", () => {
    const [home, temporary] = [scratch(), scratch()];
    const program = fileURLToPath(new URL("../bin.ts", import.meta.url));
    execFileSync(process.execPath, ["--conditions=@unitrain/source", program, "completion", "bash"], {
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary, UNITRAIN_HOME: join(home, "state") },
    });
    expect(readdirSync(join(home, ".cache/unitrain/1/compiled"))).toHaveLength(1);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("is kept where XDG_CACHE_HOME says, if that is a whole path", () => {
    expect(getCompileCacheFolder({ XDG_CACHE_HOME: "/c" })).toBe("/c/unitrain/1/compiled");
    expect(getCompileCacheFolder({ XDG_CACHE_HOME: "c" })).toBe(
      join(homedir(), ".cache/unitrain/1/compiled"),
    );
  });
});

describe("help", () => {
  it("loads neither the engine nor any other slow module", () => {
    const scriptUrl = `data:text/javascript,${encodeURIComponent(`
      import { registerHooks } from "node:module";
      registerHooks({ resolve: (name, context, next) => { console.log("loads " + name); return next(name, context); } });
    `)}`;
    const program = fileURLToPath(new URL("../bin.ts", import.meta.url));
    const printed = execFileSync(
      process.execPath,
      ["--import", scriptUrl, "--conditions=@unitrain/source", program, "--help"],
      {
        encoding: "utf8",
      },
    );
    const loaded = printed.split("\n").filter((line) => line.startsWith("loads "));
    expect(printed).toContain("Usage: unitrain");
    expect(
      loaded.filter((line) =>
        /zod|commander|@unitrain\/|log-update|string-width|clack|commands\//.test(line),
      ),
    ).toEqual([]);
  });
});

describe("an old Node", () => {
  it.each(["v18.20.0", "v20.20.2", "v22.17.1"])("%s is rejected with the required version", (version) => {
    expect(describeUnsupportedNode(version)).toContain(
      `needs Node 22.18 or newer, but this is Node ${version.slice(1)}`,
    );
  });

  it.each(["v22.18.0", "v22.22.1", "v24.0.0", "v26.10.0-nightly"])("%s is accepted", (version) => {
    expect(describeUnsupportedNode(version)).toBeUndefined();
  });
});
