import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "@unitrain/cloud-emulator/runpod";
import { expect, onTestFinished, test } from "vitest";
import { endGuardian } from "./cloud-testbed.ts";

const shellFramework = fileURLToPath(new URL("../local/shell-framework.ts", import.meta.url));
const program = fileURLToPath(new URL("../../../packages/cli/src/bin.ts", import.meta.url));

/** What only a container shows: the user, the shared memory, and no systemd. */
const script = `id -un; df -m /dev/shm | tail -1; [ -d /run/systemd/system ] || echo "no systemd"
printf 'whole end\\n' > "$output/best.model"`;

test.runIf(process.platform === "linux")(
  "unitrain login, offers and train rent a pod, train in it over its mapped port, and release it with proof",
  { timeout: 90_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ut-runpod-"));
    const home = join(folder, "home");
    const emulator = await startEmulator({ folder: join(folder, "cloud"), machines: "real" });
    onTestFinished(async () => {
      await endGuardian(home);
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    });
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "a.txt"), "a\n");
    await writeFile(
      join(folder, "framework.ts"),
      `import { shellFramework } from ${JSON.stringify(shellFramework)};
export default () => shellFramework({ script: ${JSON.stringify(script)} });
`,
    );
    emulator.inject({ fault: "port-mapped-late", ms: 2_000 });
    const variables = { UNITRAIN_HOME: home, HOME: folder, RUNPOD_BASE_URL: emulator.url };
    const unitrain = (words: string, input = "") => run(folder, variables, words, input);

    const login = await unitrain("login runpod", `${emulator.apiKey}\n`);
    expect(login.text).toContain("The key of runpod works and is kept");
    const offers = await unitrain("offers --on runpod");
    expect(offers.text).toMatch(/RTX 4090[\s\S]*H200/);
    const plan = await unitrain("plan data --framework ./framework.ts --on runpod --gpu H100 --budget 8");
    expect(plan.text).toMatch(/runpod itself terminates the machine/);
    const train = await unitrain(
      "train data --framework ./framework.ts --on runpod --gpus 0 --max-hours 1 --yes --name pod",
    );
    expect(train.exitCode, train.text).toBe(0);
    expect(train.text).not.toContain(emulator.apiKey);

    const log = await unitrain("logs pod");
    const isRoot = process.getuid?.() === 0;
    if (isRoot) expect(log.text).toMatch(/root\n.* 64 [\s\S]*no systemd/);
    const events = emulator.events().map(({ call }) => call);
    expect(events).toContain("create");
    expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toEqual([]);
    expect(emulator.bill().mostInstancesAtOnce()).toBe(1);
    const [runFolder = ""] = await readdir(join(home, "runs"));
    const receipt = JSON.parse(await readFile(join(home, "runs", runFolder, "receipt.json"), "utf8"));
    expect(receipt.lease.proofs).toMatchObject([
      { resource: { kind: "pod" }, evidence: expect.stringMatching(/^GET \/v2\/pods\/\w+ answered 404$/) },
    ]);
    const collected = await unitrain("gc --dry-run");
    expect(collected.exitCode, collected.text).toBe(0);
  },
);

/** Runs the command line from source and returns all that it printed. */
function run(cwd: string, variables: Readonly<Record<string, string>>, words: string, input: string) {
  const { PATH = "", TMPDIR = tmpdir() } = process.env;
  const args = ["--conditions=@unitrain/source", program, ...words.split(" ")];
  const child = spawn(process.execPath, args, { cwd, env: { PATH, TMPDIR, ...variables } });
  let text = "";
  child.stdout.on("data", (bytes) => {
    text += String(bytes);
  });
  child.stderr.on("data", (bytes) => {
    text += String(bytes);
  });
  child.stdin.end(input);
  return new Promise<{ readonly exitCode: number | null; readonly text: string }>((resolve) => {
    child.once("close", (exitCode) => resolve({ exitCode, text }));
  });
}
