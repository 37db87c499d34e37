import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startEmulator } from "@unitrain/cloud-emulator/lambda";
import { expect, test } from "vitest";

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const program = pathOf("../../../packages/cli/src/bin.ts");
/** Runs as `ubuntu`, and as root by `sudo` where the machine has it. */
const script = `id -un > "$output/epochs.txt"; sudo -n id -un >> "$output/epochs.txt" 2>&1; printf 'whole end\\n' > "$output/best.model"`;

test.runIf(process.platform === "linux")(
  "the command line rents an instance of Lambda over a real sshd, trains as an ordinary user, downloads and releases",
  { timeout: 90_000 },
  async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), "ut-lambda-"));
    const emulator = await startEmulator({
      folder: join(folder, "cloud"),
      machines: "real",
      limitsLaunches: true,
    });
    onTestFinished(async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    });
    emulator.inject({ fault: "launch-answer-lost" });
    emulator.inject({ fault: "ssh-booting-up", ms: 500 });
    await writeFile(
      join(folder, "framework.ts"),
      `import { shellFramework } from ${JSON.stringify(pathOf("../local/shell-framework.ts"))};
       export const framework = () => shellFramework(${JSON.stringify({ script })});`,
    );
    const words = ["train", ".", "--framework", "./framework.ts", "--on", "lambda/us-east-1", "--gpus", "0"];
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@unitrain/source", program, ...words, "--budget", "1", "--yes", "--out", "out"],
      { cwd: folder, env: { ...process.env, ...emulator.variables, UNITRAIN_HOME: join(folder, "home") } },
    );
    expect(stdout + stderr).toMatch(/cpu_4x_general us-east-1, \$0\.20\/h/);
    expect(stdout + stderr).not.toContain(emulator.apiKey);
    const [user = "", rootUser] = (await readFile(join(folder, "out", "epochs.txt"), "utf8")).split("\n");
    expect(user).toBe(emulator.ssh.user);
    if (process.getuid?.() === 0) expect(rootUser).toBe("root");
    expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toEqual([]);
    expect(emulator.keys().filter(({ isForeign }) => !isForeign)).toEqual([]);
    const paid = emulator.bill().entries.filter(({ isForeign }) => !isForeign);
    expect(paid).toMatchObject([{ kind: "instance", toMs: expect.any(Number) }]);
  },
);
