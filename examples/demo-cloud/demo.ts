import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createProcessContext, main } from "@unitrain/cli";
import { drawDataset, getDemoFolder, images } from "../demo/dataset.ts";
import { getDemoCache, withCloud } from "./cloud.ts";

/** The same settings as in the first demo, with which the model learns to detect shapes. */
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
    // The variables apply to this process and the ones it starts, as if exported in a shell.
    Object.assign(process.env, cloud.variables);
    // Separate state, because the emulator's boot times and prices would distort estimates for a real cloud.
    process.env.UNITRAIN_HOME = join(getDemoCache(), "state");
    console.error(
      `An emulated CanopyWave cloud listens at ${cloud.url}.\nIts machines can train models; its prices are not charged. ${images.train} + ${images.val} images are in\n  ${data}\n`,
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

/** Formats the bill of the emulated cloud, as independent proof that everything was released. */
function formatProviderBill(cloud: Parameters<Parameters<typeof withCloud>[0]>[0]): string {
  const { entries, totalUsd } = cloud.bill();
  const ours = entries.filter(({ isForeign }) => !isForeign);
  const open = ours.filter(({ toMs }) => toMs === null);
  const keys = cloud.keys().filter(({ isForeign }) => !isForeign);
  return [
    "\nThe cloud's own bill",
    ...ours.map(
      ({ kind, name, seconds, usd, toMs }) =>
        `  ${kind.padEnd(9)} ${name.padEnd(48)} ${String(seconds).padStart(5)} s  $${usd.toFixed(4)}  ${toMs === null ? "NOT RELEASED" : "gone"}`,
    ),
    `  total $${totalUsd.toFixed(4)}; ${open.length} of our resources not released, ${keys.length} of our keys not deleted`,
  ].join("\n");
}
