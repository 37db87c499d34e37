import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DataSource, ManifestEntry } from "@unitrain/core/spec";
import { attempt, demand } from "../../suite/demand.ts";
import { demandSafePaths } from "../checks.ts";
import { frameworkRules } from "../rule.ts";
import { readManifest } from "../testbed.ts";

/** Rules about `check`: what is uploaded, and what is refused before anything is spent. */
export const dataRules = frameworkRules([
  {
    id: "framework/good-data-is-accepted",
    demand: "`check` reports no error for a dataset that is fine, because an error refuses the plan.",
    needs: [],
    async check(start) {
      const { findings } = await (await start()).checkData();
      const errors = findings.filter(({ severity }) => severity === "error").map(({ message }) => message);
      demand(errors.length === 0, `check() reported errors for a good dataset: ${errors.join("; ")}.`);
    },
  },
  {
    id: "framework/bad-data-is-refused",
    demand:
      "`check` reports an error for a broken dataset, or throws, because a rented machine would fail on it.",
    needs: ["broken-data"],
    async check(start) {
      const { subject, context } = await start();
      const { framework, data, brokenData = data } = subject;
      const result = await attempt("check()", framework.check(brokenData, context()));
      const isRefused =
        "error" in result || result.value.findings.some(({ severity }) => severity === "error");
      demand(isRefused, "check() accepted the broken dataset. Report a finding with the severity error.");
    },
  },
  {
    id: "framework/manifest-lists-the-needed-files",
    demand:
      "The manifest lists exactly the files that the training reads, because everything else costs time and may be private.",
    needs: [],
    async check(start) {
      const bed = await start();
      const paths = (await readManifest((await bed.checkData()).manifest)).map(({ path }) =>
        path.replace(/^(?:\.\/)+/, ""),
      );
      const missing = bed.subject.files.filter((path) => !paths.includes(path));
      const extra = paths.filter((path) => !bed.subject.files.includes(path));
      demand(missing.length === 0, `The manifest does not list ${missing.join(", ")}.`);
      demand(extra.length === 0, `The manifest also lists ${extra.join(", ")}.`);
    },
  },
  {
    id: "framework/manifest-can-be-read-again",
    demand:
      "`entries()` starts from the first entry on each call, because a repeated upload reads them again.",
    needs: [],
    async check(start) {
      const { manifest } = await (await start()).checkData();
      const [first, second] = [await readManifest(manifest), await readManifest(manifest)];
      demand(
        second.length === first.length,
        `The second entries() yielded ${second.length} entries instead of ${first.length}. Create a new iterator on each call.`,
      );
    },
  },
  {
    id: "framework/manifest-paths-are-safe",
    demand:
      "Each path of the manifest is relative and plain, and no two collide, because it is created on the machine.",
    needs: [],
    async check(start) {
      demandSafePaths(await readManifest((await (await start()).checkData()).manifest));
    },
  },
  {
    id: "framework/manifest-is-true",
    demand: "Size and digest of each entry are those of its content, because the upload is verified by them.",
    needs: [],
    async check(start) {
      for (const entry of await readManifest((await (await start()).checkData()).manifest)) {
        const content = await readContent(entry);
        demand(
          content.length === entry.sizeBytes,
          `${entry.path} has ${content.length} bytes, and its entry says ${entry.sizeBytes}.`,
        );
        const digest = createHash("sha256").update(content).digest("hex");
        demand(
          entry.sha256 === undefined || entry.sha256 === digest,
          `${entry.path} has another SHA-256 digest than its entry says.`,
        );
      }
    },
  },
  {
    id: "framework/check-writes-nothing",
    demand: "`check` changes nothing in the user's folder, because planning must be free of effects.",
    needs: [],
    async check(start) {
      const bed = await start();
      const before = await describeFolder(bed.subject.data);
      await bed.checkData();
      demand(
        (await describeFolder(bed.subject.data)) === before,
        "check() changed the folder of the dataset. Write caches elsewhere.",
      );
    },
  },
]);

async function readContent({ from }: ManifestEntry): Promise<Uint8Array> {
  return "bytes" in from ? from.bytes : readFile(from.file);
}

/** Describes the names, sizes and times of all files of a local dataset. */
async function describeFolder(data: DataSource): Promise<string> {
  if (data.kind !== "local") return "";
  const names = await readdir(data.path, { recursive: true }).catch(() => [""]);
  const lines = names.sort().map(async (name) => {
    const { size, mtimeMs } = await stat(join(data.path, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(lines)).join("\n");
}
