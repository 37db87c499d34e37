import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { expect, onTestFinished, test } from "vitest";

const bin = fileURLToPath(new URL("../../../packages/cli/src/bin.ts", import.meta.url));
const logIn = `unitrain() { "$NODE" --conditions=@unitrain/source "$BIN" "$@"; }
unitrain login canopywave <key
unitrain offers --json --no-config | head -c 100`;
const logOut = "unitrain login canopywave --remove";

/** Runs a shell command that calls the program against an emulated cloud, with this `secret-tool`. */
async function session([program = "", ...words]: readonly string[], secretTool: string) {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-login-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const emulator = await startEmulator({ folder: join(folder, "cloud") });
  onTestFinished(() => emulator.close());
  await mkdir(join(folder, "run"), { mode: 0o700 });
  await writeFile(join(folder, "key"), `${emulator.apiKey}\n`);
  await writeFile(
    join(folder, "secret-tool"),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>"$HOME/arguments"\n${secretTool}\n`,
  );
  await chmod(join(folder, "secret-tool"), 0o755);
  const child = spawn(program, words, {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      XDG_DATA_HOME: join(folder, "data"),
      XDG_RUNTIME_DIR: join(folder, "run"),
      UNITRAIN_HOME: join(folder, "home"),
      CANOPYWAVE_BASE_URL: emulator.url,
      NODE: process.execPath,
      BIN: bin,
      NO_COLOR: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  await once(child, "close");
  const toolArguments = await readFile(join(folder, "arguments"), "utf8");
  expect(text).not.toContain(emulator.apiKey);
  expect(toolArguments).not.toContain(emulator.apiKey);
  expect(await readFile(join(folder, "home", "logins.json"), "utf8")).toContain('"logins": []');
  return { text, folder, toolArguments };
}

/** GNOME Keyring on its own D-Bus; a password unlocks its secrets, as a login does. */
const withKeyring = (script: string) => [
  "dbus-run-session",
  "--",
  "sh",
  "-c",
  `printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n${script}`,
];

test.runIf(process.platform === "linux")(
  "stores a key in a real keychain, uses it without a variable, and removes it",
  async () => {
    const script = [
      logIn,
      "unitrain doctor --no-config",
      logOut,
      'unitrain offers --no-config; echo "ended with $?"',
    ];
    const command = withKeyring(script.join("\n"));
    const { text, toolArguments } = await session(command, 'exec /usr/bin/secret-tool "$@"');
    expect(text).toContain("The key of canopywave works and is kept in the keychain.\n");
    expect(text).toMatch(/^\{\n\s*"offers": \[\n\s*\{/m);
    expect(text).toContain("CANOPYWAVE_API_KEY is kept in the keychain, by unitrain login canopywave");
    expect(text).toContain("The key of canopywave is removed.\n");
    expect(text).toMatch(/There is no cloud to compare: none has a key[\s\S]*ended with 2\n$/);
    expect(toolArguments.match(/^\w+/gm)).toEqual(["store", "lookup", "clear"]);
  },
);

test("stores the key in a file when no keychain is available", async () => {
  const command = ["sh", "-c", `${logIn}\n${logOut}`];
  const { text, folder } = await session(command, "echo 'Cannot autolaunch D-Bus' >&2; exit 1");
  expect(text).toContain(`is kept in ${folder}/home/logins.json, which only you can read.\n`);
  expect(text).toMatch(/^\{\n\s*"offers": \[\n\s*\{/m);
});
