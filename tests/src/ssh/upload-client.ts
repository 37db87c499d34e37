// Plans and uploads a dataset in its own process and prints the memory that it took: `upload-client.ts <json>`. Linux only.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUnitrain, definePlugin, type Framework } from "@unitrain/core";
import { yolo } from "@unitrain/framework-yolo";
import { local } from "@unitrain/provider-local";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";
import { shellFramework } from "../local/shell-framework.ts";

/** Without a `machine` the upload goes to this computer. */
interface UploadInput {
  readonly data: string;
  readonly folder: string;
  readonly workFolder?: string;
  readonly machine?: Parameters<typeof sshMachine>[0];
  readonly ssh?: Parameters<typeof ssh>[0];
  /** Whether a plugin adds a file after all others, out of order. */
  readonly appends?: boolean;
}

const input: UploadInput = JSON.parse(process.argv[2] ?? "{}");
const { data, folder, machine, workFolder } = input;
const { environment, job, progress, artifacts } = shellFramework({
  script: `printf 'a model, end\\n' >"$output/best.model"`,
});
// The dataset as YOLO checks and ships it, and a training that ends at once.
const framework: Framework = {
  ...yolo({ model: "yolo11n.yaml" }),
  hooks: {},
  diskBytes: 1_000_000,
  fit: () => [],
  explainFailure: () => undefined,
  nextCommands: () => [],
  ...{ environment, job, progress, artifacts },
};
const bytes = Buffer.from("A note.\n");
const appending = definePlugin({
  name: "a note",
  hooks: {
    ship: (manifest) => ({
      async *entries() {
        yield* manifest.entries();
        yield [{ path: "a-note.txt", from: { bytes }, sizeBytes: bytes.length }];
      },
    }),
  },
});
const unitrain = createUnitrain({
  home: join(folder, "home"),
  guardian: false,
  provider:
    machine === undefined ? local(workFolder === undefined ? {} : { workFolder }) : sshMachine(machine),
  ...(machine === undefined ? {} : { transport: ssh(input.ssh) }),
  framework,
  plugins: input.appends ? [appending] : [],
});

const memory = (name: "VmHWM" | "VmRSS"): number =>
  1024 *
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "utf8"))?.[1]);

const loadedBytes = memory("VmRSS");
const plan = await unitrain.plan({ data, out: join(folder, "out") });
const planPeakBytes = memory("VmHWM");
const plannedBytes = memory("VmRSS");
// From here on the peak is that of the upload.
writeFileSync("/proc/self/clear_refs", "5");
const run = await unitrain.start(plan);
const startPeakBytes = memory("VmHWM");
for await (const event of run.events) if (event.type === "shipped") break;
const uploadPeakBytes = memory("VmHWM");
const { outcome } = await run.result;
const { files } = plan.data;
console.log(
  JSON.stringify({
    files,
    outcome,
    loadedBytes,
    planPeakBytes,
    plannedBytes,
    startPeakBytes,
    uploadPeakBytes,
  }),
);
