import { statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collectEvents } from "../engine/engine-harness.ts";
import { createLocalHarness } from "./local-harness.ts";

/** Clears the screen, sets a title and the clipboard, turns the direction, and begins a line that looks like one of ours. */
const hostile = "a\\033[2J\\033]0;owned\\007\\033]52;c;cm0=\\007\\302\\2331A\\342\\200\\256\\342\\200\\213b";
const control = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u200b]/u;

test("a hostile training controls no terminal, names no file and forges no line of a file that we write", async () => {
  const harness = await createLocalHarness();
  const script = `
    printf '${hostile}\\r\\n+ released      costs nothing\\n'
    printf end >"$output/$(printf '${hostile}.txt')"
    printf end >"$output/$(printf 'new\\nline.txt')"
    ln -s /etc/passwd "$output/link.txt"
    ln -s / "$output/folder"
    printf 'end\\n' >"$output/$(printf '${hostile}.model')"
    printf 'end\\n' >"$output/kept.txt"
    exit 9`;
  const run = await start(harness, script);
  const events = await collectEvents(run);
  const error = await run.result.then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toContain("+ released");
  expect(error?.message).not.toMatch(control);
  expect(error?.stack).not.toMatch(control);

  const files = await readdir(harness.out, { recursive: true });
  expect(files).toContain("kept.txt");
  expect(files.join("")).not.toMatch(control);
  expect(files.filter((name) => /link|folder|line/.test(name))).toEqual([]);

  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  expect(warnings.join(" ")).toContain("its name has control or invisible characters");
  expect(warnings.join("")).not.toMatch(control);
  // Of all that we write, only the log holds the bytes of the training itself.
  for (const name of ["events.jsonl", "ledger.jsonl", "receipt.json"])
    expect(await readFile(join(run.paths.folder, name), "utf8"), name).not.toMatch(control);
});

test("nobody else can read the records of a run", async () => {
  const harness = await createLocalHarness();
  const run = await start(harness, `printf 'end\\n' >"$output/best.model"`);
  await run.result;
  const found = await readdir(harness.home, { recursive: true, withFileTypes: true });
  const open = found
    // A lock is empty, and in a folder that nobody else can enter.
    .filter(({ name }) => !name.endsWith(".lock"))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0);
  expect(found.length).toBeGreaterThan(5);
  expect(open).toEqual([]);
  expect(statSync(harness.home).mode & 0o777).toBe(0o700);
});

async function start(harness: Awaited<ReturnType<typeof createLocalHarness>>, script: string) {
  const unitrain = harness.process({ script });
  return unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
}
