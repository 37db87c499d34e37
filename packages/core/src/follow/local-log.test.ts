import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLocalLog } from "./local-log.ts";

async function freshLog() {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-log-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths = [join(folder, "training.log"), join(folder, "training.log.offsets")] as const;
  return { paths, open: () => openLocalLog(...paths) };
}

test("no line is lost or repeated if a process is killed between writing the log and its sidecar", async () => {
  const { paths, open } = await freshLog();
  const first = await open();
  await first.append(Buffer.from("[redacted] one\n"), 40);
  // The process was killed after it wrote bytes that are not in the sidecar yet.
  await appendFile(paths[0], "half a li");
  const second = await open();
  expect(second.offsets).toMatchObject({ raw: 40, local: 15 });
  await second.append(Buffer.from("two\n"), 44);
  expect(await readFile(paths[0], "utf8")).toBe("[redacted] one\ntwo\n");
});

test("a log that is shorter than its sidecar says is read from the machine again", async () => {
  const { paths, open } = await freshLog();
  await (await open()).append(Buffer.from("one\ntwo\n"), 8);
  await truncate(paths[0], 3);
  expect((await open()).offsets).toEqual({ raw: 0, local: 0 });
  expect(await readFile(paths[0], "utf8")).toBe("");
});

test("the log of another attempt is read from its beginning, and added to what the first one left", async () => {
  const { paths, open } = await freshLog();
  await (await open()).append(Buffer.from("one\n"), 4);
  const second = await openLocalLog(...paths, 2);
  expect(second.offsets).toMatchObject({ raw: 0, local: 4 });
  await second.append(Buffer.from("two\n"), 4);
  expect((await openLocalLog(...paths, 2)).offsets).toMatchObject({ raw: 4, local: 8 });
  expect(await readFile(paths[0], "utf8")).toBe("one\ntwo\n");
});
