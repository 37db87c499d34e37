import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startClientIn } from "../local/client.ts";
import { testServer } from "../ssh/ssh-server.ts";
import { createQuotedCanary } from "./canary.ts";
import { type CanarySearch, createSearch, describeLeaks } from "./search.ts";
import { watchProcesses } from "./watch-processes.ts";

const program = new URL("./drive.ts", import.meta.url);

/** Prints its environment and the secret in several forms, waits for the test, and does so twice more. */
const createScript = (exitCode: number) => `
wait_for() { tries=0; until [ -e "$output/../$1" ] || [ $((tries += 1)) -gt 1200 ]; do sleep 0.1; done; }
show() { env; printf '%s' "$TOKEN" | base64; printf 'Traceback: %s\\r\\n' "$TOKEN"; echo "$1" >>"$output/epochs.txt"; }
show 1; wait_for more; show 2; wait_for end; show 3; printf 'whole end\\n' >"$output/best.model"; exit ${exitCode}`;

/**
 * What may hold the secret while the training runs, and nobody but its user can read: the raw output of the training, which prints
 * what it likes. It is removed at the end of the run.
 */
const allowedDuringTheRun = /\/jobs\/[^/]+\/log$/;

test.runIf(process.platform === "linux").each([0, 3])(
  "no secret of a training that exits with %i leaves it, whichever process drives its run and is killed",
  { timeout: 120_000 },
  async (exitCode) => {
    const { search, server, home, client, listLeaks } = await createStage(exitCode);
    const watch = watchProcesses(search);
    const runs = join(server.home, ".unitrain/1/runs");
    const tell = async (name: string) =>
      writeFile(join(runs, (await readdir(runs))[0] ?? "", "attempt-1", name), "");
    const countShown = async () => {
      const [run = ""] = await readdir(join(home, "runs"));
      return (await readFile(join(home, "runs", run, "training.log"), "utf8")).split("Traceback:").length - 1;
    };

    const first = client("start", true);
    await first.says('"type":"log"');
    await expect.poll(countShown).toBe(1);
    const during = await listLeaks();
    // Otherwise the search would not prove anything.
    // The log of the setup line, and that of the training.
    const inLog = expect.stringMatching(/^--secret \(raw\) is in .*\/jobs\/[^/]+\/log$/);
    expect(during).toEqual([inLog, inLog]);
    expect(
      (await findModes(join(server.home, ".unitrain/1/jobs"))).filter((mode) => (mode & 0o077) !== 0),
    ).toEqual([]);
    expect(showTmux(server.home)).toContain("training-");
    expect(search.bytes("tmux", showTmux(server.home))).toEqual([]);
    const holders = listHolders(search);
    expect(holders).toContain("sh");
    expect(holders.filter((name) => /tmux|sshd|tail/.test(name))).toEqual([]);

    await first.kill();
    await tell("more");
    const second = client("attach", true);
    await expect.poll(countShown, { timeout: 30_000 }).toBe(2);
    expect(await listLeaks(allowedDuringTheRun)).toEqual([]);
    await second.kill();

    const unknowing = client("attach", false);
    await unknowing.says("the output is withheld");
    await unknowing.kill();
    const last = client("attach", true);
    await last.says('"type":"log"');
    await tell("end");
    await last.says("it is over");
    await last.ended;
    expect(last.printed()).toContain(exitCode === 0 ? "outcome: 'completed'" : "TRAINING_FAILED");
    expect(await countShown()).toBe(3);

    expect(await listLeaks()).toEqual([]);
    expect(await readdir(join(server.home, ".unitrain/1/jobs"))).toEqual([]);
    // It ends within two seconds of the training.
    await expect.poll(() => showTmux(server.home), { timeout: 20_000 }).toBe("");
    const { leaks, commandLines } = watch.stop();
    expect(describeLeaks(leaks)).toEqual([]);
    expect(
      [...commandLines].filter((line) => /drive\.ts|new-session|sshd/.test(line)).length,
    ).toBeGreaterThan(2);
  },
);

async function createStage(exitCode: number) {
  const canary = createQuotedCanary("--secret");
  const search = createSearch([canary]);
  const server = await testServer({ onEnd: onTestFinished });
  const folder = await mkdtemp(join(tmpdir(), "ut-canaries-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const home = join(folder, "home");
  for (const name of ["tmp", "user", "data"]) await mkdir(join(folder, name));
  const sshConfigFile = join(folder, "ssh_config");
  await writeFile(sshConfigFile, "");
  const input = JSON.stringify({
    folder,
    script: createScript(exitCode),
    machine: { host: "127.0.0.1", port: server.port, user: server.user },
    options: { identityFile: server.keyFile, knownHostsFile: server.knownHostsFile, sshConfigFile },
  });
  const clients: { printed(): string }[] = [];
  return {
    search,
    server,
    home,
    /** Starts a process of the user, which has the value of the secret in its environment or not. */
    client(word: string, knowsSecret: boolean) {
      const env = {
        PATH: process.env.PATH,
        HOME: join(folder, "user"),
        TMPDIR: join(folder, "tmp"),
        ...(knowsSecret ? { TOKEN: canary.value } : {}),
      };
      const client = startClientIn(env, program, word, input);
      clients.push(client);
      return client;
    },
    /** Finds the secret in everything that was printed, and written at both ends. */
    async listLeaks(allowed?: RegExp) {
      const [ours, theirs] = await Promise.all([search.folder(folder), search.folder(server.root)]);
      const leaks = [
        ...clients.flatMap((client) => search.bytes("the output of a process", client.printed())),
        ...ours.leaks,
        ...theirs.leaks,
      ];
      return describeLeaks(leaks.filter(({ where }) => allowed?.test(where) !== true));
    },
  };
}

async function findModes(folder: string): Promise<number[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  return Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mode));
}

/** Returns the environment, the commands and the buffers of the machine's tmux; nothing if it has ended. */
function showTmux(home: string): string {
  const socket = join(home, `tmux-${process.getuid?.() ?? 0}`, "default");
  const ask = (...words: string[]) =>
    execFileSync("tmux", ["-S", socket, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    return [
      ask("list-panes", "-a", "-F", "#{session_name} #{pane_start_command} #{pane_title}"),
      ask("show-environment", "-g"),
      ask("list-buffers"),
    ].join("\n");
  } catch {
    return "";
  }
}

/** Lists the names of the processes whose environment holds a secret. Only their user and root can read it. */
function listHolders(search: CanarySearch): string[] {
  return readdirSync("/proc")
    .filter((id) => /^\d+$/.test(id))
    .flatMap((id) => {
      try {
        const environment = readFileSync(`/proc/${id}/environ`);
        const isHolder = search.bytes("", environment).length > 0;
        return isHolder ? [readFileSync(`/proc/${id}/comm`, "utf8").trim()] : [];
      } catch {
        return [];
      }
    });
}
