import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createProcessContext, main } from "@unitrain/cli";
import { drawDataset, getDemoFolder, images } from "../demo/dataset.ts";
import { getDemoCache, withCloud } from "./cloud.ts";

/** As in the first demo: what is downloaded has learned something. */
const words =
  "model=yolo11n.yaml epochs=12 imgsz=128 batch=8 optimizer=AdamW lr0=0.003 warmup_epochs=0 mosaic=0 close_mosaic=0 workers=0 plots=False amp=False";
const flags = ["--on", "canopywave", "--gpus", "0", "--budget", "1", "--yes"];

process.exit(await demo());

async function demo(): Promise<number> {
  if (process.platform !== "linux") {
    console.error("The emulated cloud has real machines on Linux only; `npm run demo` runs everywhere.");
    return 1;
  }
  const data = getDemoFolder();
  await drawDataset(data);
  const name = `cloud-${randomBytes(2).toString("hex")}`;
  const out = join("runs", "detect", name);
  return withCloud(async (cloud) => {
    // Variables of this process and of those that it starts, as a user has them in the shell.
    Object.assign(process.env, cloud.variables);
    // Its boots and prices are no measure for those of a real cloud.
    process.env.UNITRAIN_HOME = join(getDemoCache(), "state");
    console.error(
      `An emulated CanopyWave cloud listens at ${cloud.url}: its machines are real enough to train on,\nits money is not. ${images.train} + ${images.val} images lie in\n  ${data}\n`,
    );
    console.error(`$ unitrain train "${data}" \\\n    ${words} \\\n    ${flags.join(" ")}\n`);
    const exitCode = await main(
      ["train", data, ...words.split(" "), ...flags, "--name", name, "--out", out],
      createProcessContext(),
    );
    console.log(formatProviderBill(cloud));
    return exitCode;
  });
}

/** What the other side says: the proof is theirs, not ours. */
function formatProviderBill(cloud: Parameters<Parameters<typeof withCloud>[0]>[0]): string {
  const { entries, totalUsd } = cloud.bill();
  const ours = entries.filter(({ isForeign }) => !isForeign);
  const open = ours.filter(({ toMs }) => toMs === null);
  const keys = cloud.keys().filter(({ isForeign }) => !isForeign);
  return [
    "\nThe cloud's own books",
    ...ours.map(
      ({ kind, name, seconds, usd, toMs }) =>
        `  ${kind.padEnd(9)} ${name.padEnd(48)} ${String(seconds).padStart(5)} s  $${usd.toFixed(4)}  ${toMs === null ? "STILL THERE" : "gone"}`,
    ),
    `  in all $${totalUsd.toFixed(4)}; ${open.length} of ours still there, ${keys.length} keys of ours, colleagues' things untouched`,
  ].join("\n");
}
