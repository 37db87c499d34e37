import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { drawDataset } from "../../../examples/demo/dataset.ts";

const run = promisify(execFile);
const bin = fileURLToPath(new URL("../../../packages/cli/src/bin.ts", import.meta.url));
const secondsLimit = 60;
const canMount = process.platform === "linux" && process.getuid?.() === 0;

interface Stage {
  readonly folder: string;
  readonly data: string;
  readonly unitrain: (
    words: readonly string[],
    env?: NodeJS.ProcessEnv,
    before?: readonly string[],
  ) => Promise<{ code: number | null; text: string }>;
}

async function createEngineHarness(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain bad "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const data = join(folder, "shapes");
  await drawDataset(data);
  return {
    folder,
    data,
    async unitrain(words, env = {}, before = []) {
      const [program = "", ...rest] = [
        ...before,
        process.execPath,
        "--conditions=@unitrain/source",
        bin,
        ...words,
      ];
      const child = spawn(program, rest, {
        cwd: folder,
        env: {
          ...process.env,
          HOME: join(folder, "user"),
          UNITRAIN_HOME: join(folder, "home"),
          NO_COLOR: "1",
          // A tmux server of another test would start the job in its own environment.
          TMUX_TMPDIR: folder,
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: secondsLimit * 1000,
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
      await mkdir(join(folder, "user"), { recursive: true });
      const [code] = await once(child, "close");
      return { code, text };
    },
  };
}

/** Creates a PATH with everything on this computer's PATH except the named programs. */
async function pathWithout(folder: string, ...missing: RegExp[]): Promise<string> {
  const bin = await mkdtemp(join(folder, "bin-"));
  for (const place of ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]) {
    for (const name of await readdir(place).catch(() => [])) {
      if (missing.some((pattern) => pattern.test(name))) continue;
      await symlink(join(place, name), join(bin, name)).catch(() => {});
    }
  }
  return bin;
}

describe("invalid input fails within seconds, with the problem, its place and a hint", () => {
  test("before the run starts", { timeout: 120_000 }, async () => {
    const { folder, data, unitrain } = await createEngineHarness();
    const empty = join(folder, "empty");
    await mkdir(empty);
    const broken = join(folder, "broken");
    await mkdir(broken);
    await writeFile(join(broken, "data.yaml"), "train: [images\n");
    const cases: readonly [readonly string[], RegExp][] = [
      [["train", join(folder, "nowhere")], /nowhere/],
      [["train", empty], /data\.yaml/],
      [["train", broken], /data\.yaml/],
      [["train", data, "epohcs=3"], /epohcs[\s\S]*epochs/],
      [["train", data, "epochs=many"], /epochs[\s\S]*many/],
      [["train", data, "--on", "the-moon"], /the-moon/],
      [["train", data, "--no-such-flag"], /no-such-flag/],
      [["train", data, "--out", join(broken, "data.yaml")], /data\.yaml cannot be used: it is a file/],
      [["train", data, "--code", join(folder, "no-code")], /no-code is not a folder/],
      [["train", data, "device=99", "model=yolo11n.yaml"], /device names GPU 99/],
      [["trian", data], /trian[\s\S]*train/],
    ];
    for (const [words, wanted] of cases) {
      const { code, text } = await unitrain(words);
      expect(text, words.join(" ")).toMatch(wanted);
      expect(code, `${words.join(" ")}\n${text}`).toBe(2);
      expect(text, words.join(" ")).not.toMatch(/\bat .*\.ts:\d+/);
    }
    expect(await readdir(join(folder, "home")).catch(() => [])).toEqual([]);
    // Only Node's compiled code, which has no other place.
    const compiled = ".cache/unitrain/1/compiled";
    const written = await readdir(join(folder, "user"), { recursive: true });
    expect(written.filter((path) => !path.startsWith(compiled) && !compiled.startsWith(path))).toEqual([]);
  });

  test.runIf(canMount)("no Python", { timeout: 90_000 }, async () => {
    const { folder, data, unitrain } = await createEngineHarness();
    const PATH = await pathWithout(folder, /^python/, /^uv$/);
    // In its own mount namespace, the places that are searched besides the PATH contain no working one either.
    const hide = `for python in /usr/bin/python3* /usr/local/bin/python3* /opt/conda/bin/python3; do
  [ -f "$python" ] && mount --bind /bin/false "$(readlink -f "$python")"
done
exec "$@"`;
    const words = ["train", data, "model=yolo11n.yaml", "epochs=1"];
    const { code, text } = await unitrain(words, { PATH }, ["unshare", "-m", "sh", "-c", hide, "sh"]);
    expect(text).toMatch(/ENVIRONMENT_FAILED/);
    expect(text).toMatch(/Python/);
    expect(code).toBe(1);
    expect(await listRemains(folder)).toEqual([]);
  });

  test.runIf(process.platform === "linux")("no uv and no network", { timeout: 90_000 }, async () => {
    const { folder, data, unitrain } = await createEngineHarness();
    const PATH = `${await pathWithout(folder, /^uv$/, /^yolo$/)}${delimiter}${process.env.PATH ?? ""}`;
    const nowhere = "http://127.0.0.1:9/simple";
    const { code, text } = await unitrain(["train", data, "model=yolo11n.yaml", "epochs=1"], {
      PATH,
      XDG_CACHE_HOME: join(folder, "cache"),
      UV_CACHE_DIR: join(folder, "cache", "uv"),
      PIP_INDEX_URL: nowhere,
      UV_INDEX_URL: nowhere,
      UV_DEFAULT_INDEX: nowhere,
      PIP_FIND_LINKS: "",
      PIP_RETRIES: "0",
    });
    expect(text).toMatch(/ENVIRONMENT_FAILED/);
    expect(text).toMatch(/network|reach|index/i);
    expect(code).toBe(1);
    expect(await listRemains(folder)).toEqual([]);
  });

  test.runIf(canMount)("a full disk on the machine", { timeout: 90_000 }, async () => {
    const { folder, data, unitrain } = await createEngineHarness();
    const small = join(folder, "user");
    await mkdir(small);
    await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]);
    onTestFinished(async () => void (await run("umount", [small])));
    const { code, text } = await unitrain(["train", data, "model=yolo11n.yaml", "epochs=1"]);
    expect(text).toMatch(/disk|space|room/i);
    expect(code).toBe(1);
    expect(await listRemains(folder)).toEqual([]);
  });
});

/** Returns what a failed run left in our folders on the machine, except empty folders. */
async function listRemains(folder: string): Promise<string[]> {
  const work = join(folder, "user", ".unitrain", "1");
  const files = await readdir(work, { recursive: true, withFileTypes: true }).catch(() => []);
  return files
    .filter((file) => !file.isDirectory() && !file.parentPath.includes("/store/"))
    .map((file) => join(file.parentPath, file.name));
}
