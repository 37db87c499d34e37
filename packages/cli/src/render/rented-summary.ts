import type { PhaseGuess, Receipt, Resource } from "@unitrain/core";
import { counted, dayAndTime, dollars, duration, roughly, size } from "./figures.ts";
import { limitAmount } from "./limit-text.ts";
import { cut, type Line, labelled, padded, styled } from "./line.ts";
import type { RunView } from "./run-view.ts";
import { table } from "./table.ts";

/** What each part took and cost, beside what was planned. */
export function costTable(view: RunView, receipt: Receipt, width: number): Line[] {
  const { prediction } = view.plan ?? {};
  const perSecond = receipt.lease.priceUsdPerHour / 3600;
  const planned = (seconds: number | undefined) =>
    prediction === undefined ? [] : [seconds === undefined ? "-" : roughly(seconds)];
  const rows = parts.flatMap(({ name, phases }) => {
    const seconds = secondsOf(receipt, phases);
    if (seconds < 0.05) return [];
    const guess = prediction?.phases.find(({ phase }) => phase === name)?.seconds.likely;
    const cost = dollars(paidSeconds(receipt, name, seconds) * perSecond);
    return [{ cells: [name, duration(seconds), cost, ...planned(guess), remark(name, receipt, view)] }];
  });
  const all = (Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt)) / 1000;
  const total = [
    "total",
    duration(all),
    dollars(receipt.lease.costUsd),
    ...(prediction === undefined ? [] : [dollars(prediction.costUsd.likely)]),
    totalRemark(view),
  ];
  return table(
    [
      { head: "PHASE", align: "left" },
      { head: "TIME", align: "right" },
      { head: "COST", align: "right" },
      ...(prediction === undefined ? [] : [{ head: "PLANNED", align: "right" } as const]),
      { head: "", align: "left", givesWay: 1 },
    ],
    [...rows, { cells: total, style: "bold" }],
    width,
  );
}

/** What is gone, each thing with its proof and the time of it; what may go on costing, and what to do. */
export function releaseLines({ lease }: Receipt, width: number): Line[] {
  const kinds = [...lease.proofs.map(({ resource }) => resource), ...lease.unconfirmed];
  const kindWidth = Math.max(0, ...kinds.map(({ kind }) => kind.length));
  const nameWidth = Math.max(0, ...kinds.map((resource) => nameOf(resource).length));
  const beginning = (resource: Resource) =>
    `${padded(resource.kind, kindWidth)}  ${padded(nameOf(resource), nameWidth)}`;
  const room = width - labelWidth - kindWidth - nameWidth - 14;
  const gone = lease.proofs.flatMap(({ resource, evidence, goneAt }, index) =>
    labelled(
      index === 0 ? styled("green", "GONE") : "",
      `${beginning(resource)}  ${timeOfDay(goneAt)}  ${cut(seenOf(evidence, resource), room)}`,
      labelWidth,
      Number.POSITIVE_INFINITY,
    ),
  );
  const unsure = lease.unconfirmed.flatMap((resource) =>
    labelled(
      styled("red", "UNSURE"),
      `${beginning(resource)}  not confirmed gone; ${resource.free === true ? "costs nothing" : `may go on costing ${dollars(lease.priceUsdPerHour)}/h`}: unitrain gc`,
      labelWidth,
      width,
    ),
  );
  return [...gone, ...unsure];
}

const labelWidth = 7;

const parts: readonly {
  readonly name: PhaseGuess["phase"];
  readonly phases: readonly string[];
}[] = [
  { name: "boot", phases: ["lease", "connect"] },
  { name: "upload", phases: ["ship"] },
  { name: "environment", phases: ["environment"] },
  { name: "epochs", phases: ["train"] },
  { name: "finish", phases: ["locate", "download", "teardown"] },
];

function secondsOf(receipt: Receipt, phases: readonly string[]): number {
  return receipt.phases
    .filter(({ phase }) => phases.includes(phase))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The environment goes beside the upload: only what it took longer is paid for it. */
function paidSeconds(receipt: Receipt, name: string, seconds: number): number {
  return name === "environment" ? Math.max(0, seconds - secondsOf(receipt, ["ship"])) : seconds;
}

function remark(name: string, receipt: Receipt, view: RunView): string {
  if (name === "environment") return "beside the upload";
  if (name === "upload") {
    const { files, sentBytes, reusedBytes } = receipt.data;
    return `${size(sentBytes + reusedBytes)}, ${counted(files, "file")}`;
  }
  const done = receipt.epochs?.done ?? 0;
  if (name !== "epochs" || done === 0) return "";
  const seconds = secondsOf(receipt, ["train"]) / done;
  const usd = (seconds / 3600) * receipt.lease.priceUsdPerHour;
  const unit = view.progress?.unit ?? "epoch";
  return `${counted(done, unit)}, ${duration(seconds)}${each(usd)} each`;
}

function each(usd: number): string {
  if (usd < 0.0005) return "";
  return ` and ${usd < 0.1 ? `$${usd.toFixed(3)}` : dollars(usd)}`;
}

function totalRemark({ plan }: RunView): string {
  const amount = plan === undefined ? undefined : limitAmount(plan);
  const limit = amount === undefined ? "" : `limit ${amount.split(" = ")[0]?.replace(" in all", "")}; `;
  return `${limit}list price, the invoice decides`;
}

/** Ids and our long names in a few columns; the receipt has them whole. */
function nameOf({ id, name }: Resource): string {
  const shown = id ?? name;
  if (/^[0-9a-f]{8}-[0-9a-f-]{20,}$/i.test(shown)) return shown.slice(0, 8);
  return shown.length <= 22 ? shown : `${shown.slice(0, 12)}…${shown.slice(-8)}`;
}

/** What was seen last, without the name that stands before it. */
function seenOf(evidence: string, { id, name }: Resource): string {
  const short = [id, name].reduce<string>(
    (text, word) => (word === undefined || word === "" ? text : text.replaceAll(word, "…")),
    evidence,
  );
  return short.replace(/^GET \S+ answered 404$/, "404 by id").replace(/^.* was answered, and /, "");
}

function timeOfDay(iso: string): string {
  const seconds = String(new Date(iso).getSeconds()).padStart(2, "0");
  return `${dayAndTime(iso).split(" ").at(-1) ?? iso}:${seconds}`;
}
