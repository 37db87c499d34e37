import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { main } from "../../../packages/cli/src/main.ts";
import { createEngine } from "../../../packages/cli/src/program/engine.ts";
import { createCollector } from "../../../packages/cli/test/collected.ts";
import { drawSet } from "../../../packages/framework-yolo/test/drawn-set.ts";
import { createCanary } from "./canary.ts";
import { createSearch, describeLeaks } from "./search.ts";

const canary = createCanary("what was typed");
const secret = canary.value;
const search = createSearch([canary]);

const url = `https://user:${secret}@example.com`;

let folder = "";
const write = async (path: string, text: string) => {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
};

/** A project whose files hold secrets: the code, its git remote and `data.yaml`. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain-canaries-"));
  drawSet(join(folder, "project/shapes"), { train: 4, val: 2 });
  await write("project/code/blocks.py", `# ${url}\nclass Block: pass\n`);
  await write("project/code/train.py", "class Other: pass\n");
  await write("project/code/.env", `API_TOKEN=${secret}\n`);
  for (const words of [
    ["init", "-q"],
    ["remote", "add", "origin", `${url}/code.git`],
  ])
    execFileSync("git", words, { cwd: join(folder, "project/code") });
  const yaml = [
    "path: ../shapes",
    "train: images/train",
    "val: images/val",
    "names: [circle, square]",
    `download: ${url}/shapes.zip`,
    `api_token: ${secret}`,
  ];
  await write("project/with-download/data.yaml", `${yaml.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command line in the project. Returns what was printed, and the leaks in it and in what was written outside of the project. */
async function runCli(words: readonly string[]) {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const env = { HOME: home, UNITRAIN_HOME: join(home, "state"), UNITRAIN_DEBUG: "1", NO_COLOR: "1" };
  const [stdout, stderr] = [createCollector(), createCollector()];
  const project = join(folder, "project");
  const exitCode = await main(words, {
    folder: project,
    stdin: {},
    stdout,
    stderr,
    env,
    signals: new EventEmitter(),
    now: Date.now,
    exit: () => {},
    run: async () => 0,
    engine: async () => createEngine(env, project),
  });
  const written = await search.folder(home);
  const leaks = [
    ...search.bytes("stdout", stdout.text()),
    ...search.bytes("stderr", stderr.text()),
    ...written.leaks,
  ];
  return { exitCode, said: stdout.text() + stderr.text(), leaks: describeLeaks(leaks) };
}

const accepted: Readonly<Record<string, readonly string[]>> = {
  "code with credentials in its files and its git remote": ["./shapes", "--code", "./code"],
  "a data.yaml with a password": ["./with-download"],
};
const refused: Readonly<Record<string, readonly string[]>> = {
  "a value of --secret": ["./shapes", "--secret", `TOKEN=${secret}`],
  "a secret by its name in --env": ["./shapes", "--env", `API_TOKEN=${secret}`],
  "a secret by its value in --env": ["./shapes", "--env", `MIRROR=${url}/simple`],
  "a package's address": ["./shapes", "--pip", `git+${url}/code.git`],
  "a token in a package's address": ["./shapes", "--pip", `git+https://${secret}@example.com/code.git`],
  "a token in the query of a package's address": [
    "./shapes",
    "--pip",
    `https://example.com/x.whl?token=${secret}`,
  ],
  "a package index": ["./shapes", "--pip", `--extra-index-url=${url}/simple`],
  "the address of code": ["./shapes", "--code", `${url}/code.git`],
  "the address of data": [`${url}/data.zip`],
  "the address of a model": ["./shapes", `model=${url}/best.pt`],
  "the address of a machine": ["./shapes", "--on", `ssh://user:${secret}@127.0.0.1`],
  "a setup line": ["./shapes", "--setup", `curl -H 'Authorization: Bearer ${secret}' https://example.com`],
  "an unknown flag": ["./shapes", "--api-key", secret],
  "an unknown flag with its value": ["./shapes", `--password=${secret}`],
  "an unknown option": ["./shapes", `api_key=${secret}`],
  "a variable of a pasted line": [`WANDB_API_KEY=${secret}`, "yolo", "train", "data=./shapes/data.yaml"],
  "a header of a pasted line": ["curl", "-H", `Authorization: Bearer ${secret}`],
};

test.each(Object.entries(accepted))("no secret leaves a plan with %s", async (_what, words) => {
  for (const more of [[], ["--json"]]) {
    const { exitCode, said, leaks } = await runCli(["plan", ...words, ...more]);
    expect(leaks).toEqual([]);
    expect(exitCode, said).toBe(0);
  }
});

test.each(Object.entries(refused))("no secret leaves a command line with %s", async (_what, words) => {
  for (const line of [
    ["train", ...words, "--no-input"],
    ["plan", ...words, "--json"],
  ]) {
    const { exitCode, leaks, said } = await runCli(line);
    expect(leaks).toEqual([]);
    expect(exitCode, said).not.toBe(0);
  }
});

const configurations: Readonly<Record<string, string>> = {
  "a secret variable": JSON.stringify({ env: { API_TOKEN: secret } }),
  "a value where a name belongs": JSON.stringify({ secrets: [`TOKEN=${secret}`] }),
  "an unknown setting": JSON.stringify({ apiKey: secret }),
  "a broken line": `{ "env": { "API_TOKEN": "${secret}" `,
  "a package with a password": JSON.stringify({ pip: [`git+${url}/code.git`] }),
};

test.each(Object.entries(configurations))("no secret leaves a configuration with %s", async (_what, text) => {
  await write("project/configured.ts", `export default ${text}`);
  const { exitCode, leaks, said } = await runCli(["plan", "./shapes", "--config", "./configured.ts"]);
  expect(leaks).toEqual([]);
  expect(exitCode, said).not.toBe(0);
});

test("no secret leaves an error about a proxy or a provider that cannot be reached", async () => {
  vi.stubEnv("CANOPYWAVE_API_KEY", secret);
  vi.stubEnv("CANOPYWAVE_BASE_URL", "https://cloud.invalid");
  vi.stubEnv("HTTPS_PROXY", `http://user:${secret}@127.0.0.1:9`);
  try {
    const { exitCode, leaks, said } = await runCli(["offers", "--on", "canopywave"]);
    expect(leaks).toEqual([]);
    expect(said).toContain("127.0.0.1:9");
    expect(exitCode).not.toBe(0);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a canary is found in what is written beside the project, so that these tests can fail", async () => {
  await write("home/state/planted", secret);
  expect((await runCli(["--version"])).leaks).toEqual(["what was typed (raw) is in /home/state/planted"]);
  await rm(join(folder, "home/state/planted"));
});
