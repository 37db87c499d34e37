import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { runInPlace } from "./run-in-place.ts";

const execute = promisify(execFile);

/** A folder that an ordinary user may not look into. */
async function closedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-closed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0);
  return folder;
}

/** Root may look into every folder: then the test goes on as nobody. */
function asOrdinaryUser(): readonly string[] {
  return process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
}

const node = (script: string) => [process.execPath, "-e", script];

describe("a program on the user's terminal", () => {
  it("determines the exit code, even if a signal ends it", async () => {
    expect(await runInPlace(node("process.exit(5)"))).toBe(5);
    expect(await runInPlace(node("process.kill(process.pid, 'SIGTERM')"))).toBe(143);
  });

  it("is named if it is not installed, even if a folder in the PATH cannot be read", async () => {
    const closed = await closedFolder();
    const script = `
      import { runInPlace } from ${JSON.stringify(new URL("./run-in-place.ts", import.meta.url).href)};
      await runInPlace(["no-such-program-here"]).catch(({ message }) => console.log(message));`;
    const words = ["--conditions=@unitrain/source", "--input-type=module", "-e", script];
    const [program = "", ...before] = [...asOrdinaryUser(), process.execPath];
    const { stdout } = await execute(program, [...before, ...words], {
      env: { ...process.env, PATH: `${closed}:/usr/bin:/bin` },
    });
    expect(stdout).toBe("The program no-such-program-here is not on this computer.\n");
  });

  it("is named if it is not installed", async () => {
    await expect(runInPlace(["no-such-program-here"])).rejects.toThrow(
      "no-such-program-here is not on this computer",
    );
  });
});
