import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDatasetError, type Finding } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { withReport, writeFindings } from "./findings-report.ts";

const findings = Array.from(
  { length: 12 },
  (_, n): Finding => ({
    kind: "class ids",
    severity: n === 0 ? "warning" : "error",
    file: `labels/${n}.txt`,
    line: 1,
    message: "There is no class 7.",
  }),
);

const scratchFolder = scratchFolders();

describe("the report of what was found in a dataset", () => {
  it("contains every finding as JSON, one per line", async () => {
    const home = scratchFolder();
    const file = await writeFindings(findings, { env: { UNITRAIN_HOME: home }, now: Date.now });
    const text = readFileSync(file ?? "", "utf8");
    expect(JSON.parse(text)).toEqual(findings);
    expect(text.trimEnd().split("\n")).toHaveLength(findings.length + 2);
  });

  it("is not written without findings, and a plan does not fail if it cannot be written", async () => {
    const home = scratchFolder();
    const place = { env: { UNITRAIN_HOME: home }, now: Date.now };
    expect(await writeFindings([], place)).toBeUndefined();
    writeFileSync(join(home, "findings"), "a file where the folder should be");
    expect(await writeFindings(findings, place)).toBeUndefined();
    // Node's own recursive mkdir never returns there.
    expect(
      await writeFindings(findings, { env: { UNITRAIN_HOME: "/proc/unitrain" }, now: Date.now }),
    ).toBeUndefined();
  });

  it("is removed once there are enough newer ones", async () => {
    const home = scratchFolder();
    let now = 0;
    for (let times = 0; times < 55; times++)
      await writeFindings(findings, { env: { UNITRAIN_HOME: home }, now: () => (now += 1000) });
    expect(readdirSync(join(home, "findings"))).toHaveLength(50);
  });

  it("is named by the error that refuses a dataset, which counts findings and files", async () => {
    const place = { env: { UNITRAIN_HOME: scratchFolder() }, now: Date.now };
    const error = (await withReport(createDatasetError(findings), false, place)) as Error & { hint: string };
    expect(error.message.split("\n")).toEqual([
      "The dataset has 11 errors in 11 files, and 1 warning:",
      "  class ids: 11 rows in 11 files",
      "    labels/1.txt:1  There is no class 7.",
      "    labels/2.txt:1  There is no class 7.",
      "    labels/3.txt:1  There is no class 7.",
      "    and 8 more",
    ]);
    expect(error.hint).toMatch(/Every finding: .*findings.*\.json$/);
    expect(error).toMatchObject({ code: "INVALID_DATASET", findings });
    const fullError = (await withReport(createDatasetError(findings), true, place)) as Error;
    expect(fullError.message.match(/There is no class 7\./g)).toHaveLength(12);
  });
});
