import { resolve } from "node:path";
import type { Assembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import type { PlanOptions } from "../api.ts";
import { calculateLimit } from "../money/limit.ts";
import { chooseOutput } from "../output/choose-output.ts";
import { allOrAbort } from "../run/all-or-abort.ts";
import {
  type AdapterDescriptor,
  createDatasetError,
  type DataSource,
  type DatasetReport,
  type Framework,
  type MachineRequest,
  type Plan,
  type Plugin,
  type Provider,
  type Quote,
  type Transport,
  UnitrainError,
} from "../spec/index.ts";
import { checkLimits, checkName, checkVariables } from "./check-options.ts";
import { chooseMachine } from "./choose-machine.ts";
import { describeConnection } from "./describe-connection.ts";
import { type HashedManifest, hashManifest } from "./hash-manifest.ts";
import { readReceipts } from "./history.ts";
import { createPlanRecord, findChangedData, withUsedName } from "./plan-settings.ts";
import { estimateOverheads, predict } from "./predict.ts";
import { createRunId, createRunName, toRunName } from "./run-name.ts";

const checkTimeoutMs = 30 * 60_000;
const quoteTimeoutMs = 60_000;
const progressEveryMs = 900;

/** Checks, hashes and prices. Spends nothing, writes nothing. */
export async function makePlan(assembly: Assembly, options: PlanOptions): Promise<Plan> {
  checkLimits(options);
  if (options.name !== undefined) checkName(options.name);
  const variableSettings = checkVariables(options);
  const { framework, plugins } = assembly;
  const source = toDataSource(options.data);
  const baseRequest = { ...options.machine, diskBytes: framework.diskBytes };
  const { provider, transport } = await chooseMachine(assembly, baseRequest, options.signal);
  const output = await planOutput(assembly, options);
  // Side by side: to say how a machine is reached takes programs that are waited for.
  const [checked, connection] = await allOrAbort(options.signal ?? new AbortController().signal, [
    (signal) => checkData(assembly, source, signal),
    (signal) => describeConnection(assembly, { provider, transport }, signal),
  ]);
  const { job } = framework.describe();
  const request = { ...baseRequest, diskBytes: 2 * checked.shipment.bytes + framework.diskBytes };
  const quote = await callAdapter(
    assembly.boundary,
    { phase: "plan", adapter: `${provider.name}.quote`, timeoutMs: quoteTimeoutMs, signal: options.signal },
    (context) => provider.quote(request, context),
  );
  refuseOtherNodes(request, quote);
  refuseUnfitOffer(framework, quote);
  const { budgetUsd, maxHours } = options;
  const { files, bytes } = checked.shipment;
  const expected = {
    provider: provider.name,
    framework,
    quote,
    job,
    data: { files, bytes },
    uplinkMbps: options.uplinkMbps,
    receipts: provider.ownership === "rented" ? await readReceipts(assembly.home) : [],
  };
  const phases = estimateOverheads(expected);
  const limit = calculateLimit({ ownership: provider.ownership, quote, phases, budgetUsd, maxHours });
  const prediction = provider.ownership === "rented" ? predict(expected) : undefined;
  return withUsedName({
    planVersion: "v1" as const,
    runId: createRunId(assembly.boundary.clock.now()),
    ...output,
    createdAt: new Date(assembly.boundary.clock.now()).toISOString(),
    source,
    data: {
      files,
      bytes,
      digest: checked.shipment.digest,
      summary: checked.summary,
      ...(checked.classes === undefined ? {} : { classes: checked.classes }),
      ...(checked.location === undefined ? {} : { location: checked.location }),
    },
    findings: [...findChangedData(options, checked.shipment.digest), ...checked.findings],
    job,
    ...createPlanRecord(framework, options, assembly.sanitizer),
    provider: { ...describeAdapter(provider), ownership: provider.ownership },
    transport: describeAdapter(transport),
    framework: describeAdapter(framework),
    plugins: plugins.map(describeAdapter),
    request,
    quote,
    ...(connection === undefined ? {} : { connection }),
    ...variableSettings,
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
    ...(maxHours === undefined ? {} : { maxHours }),
    ...(options.maxOutputBytes === undefined ? {} : { maxOutputBytes: options.maxOutputBytes }),
    ...(limit === undefined ? {} : { limit }),
    ...(prediction === undefined ? {} : { prediction }),
  });
}

/** A provider that knows nothing of several nodes offers one. */
function refuseOtherNodes({ nodes = 1 }: MachineRequest, quote: Quote): void {
  const offered = quote.nodes ?? 1;
  if (offered === nodes) return;
  throw new UnitrainError("NOT_AVAILABLE", `${quote.machine}: ${offered} offered, ${nodes} needed (nodes).`, {
    hint: "Take a provider that offers several nodes, or plan with one.",
    phase: "plan",
  });
}

function refuseUnfitOffer(framework: Framework, quote: Quote): void {
  const errors = (framework.fitsOffer?.({ quote }) ?? []).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new UnitrainError("INVALID_OPTIONS", errors.map(({ message }) => message).join("\n"), {
    hint: errors.map(({ hint }) => hint).join(" "),
    phase: "plan",
    adapter: framework.name,
  });
}

/** Before the dataset is read: what is wrong with the output folder is said at once. */
async function planOutput(assembly: Assembly, options: PlanOptions) {
  const { folder, name: folderName, overwrites, resultBytes } = assembly.framework.describe();
  const name =
    options.name ??
    (folderName === undefined ? createRunName(await assembly.listUsedNames()) : toRunName(folderName));
  const requested = {
    name,
    out: resolve(options.out ?? resolve(folder, folderName ?? name)),
    ...(overwrites === true ? { overwrites } : {}),
    ...(resultBytes === undefined ? {} : { resultBytes }),
  };
  return chooseOutput(requested, { home: assembly.home, locks: assembly.ports.locks });
}

/** The framework's check and the `ship` hooks, then the content's name. Also called by `start`, which compares it. */
export async function checkData(
  assembly: Assembly,
  source: DataSource,
  signal?: AbortSignal,
): Promise<
  { shipment: HashedManifest } & Pick<DatasetReport, "summary" | "classes" | "findings" | "location">
> {
  const { framework, hooks } = assembly;
  const call = {
    phase: "plan" as const,
    adapter: `${framework.name}.check`,
    timeoutMs: checkTimeoutMs,
    signal,
  };
  const report = await callAdapter(assembly.boundary, call, (context) => framework.check(source, context));
  const errors = report.findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw createDatasetError(report.findings);
  const manifest = await hooks.callWaterfall("ship", report.manifest, assembly.hookCall("plan", signal));
  return {
    shipment: await hashManifest(manifest, assembly.hashes, {
      signal,
      onProgress: throttleProgress(assembly, (files) => `Reading files ${files.toLocaleString("en-US")}`),
    }),
    summary: report.summary,
    ...(report.classes === undefined ? {} : { classes: report.classes }),
    ...(report.location === undefined ? {} : { location: report.location }),
    findings: report.findings,
  };
}

/** Says how far a long step is, without drowning a reader. */
function throttleProgress(
  { boundary }: Assembly,
  message: (count: number) => string,
): (count: number) => void {
  let shownAtMs = performance.now();
  return (count) => {
    const now = performance.now();
    if (now - shownAtMs < progressEveryMs) return;
    shownAtMs = now;
    boundary.progress?.(message(count));
  };
}

/** The user's word for data: a folder, unless it says more. */
function toDataSource(data: string | DataSource): DataSource {
  if (typeof data === "string" && /^[a-z][a-z0-9+.-]+:\/\//i.test(data))
    return { kind: "url", url: data, sha256: "" };
  return typeof data === "string" ? { kind: "local", path: resolve(data) } : data;
}

function describeAdapter(adapter: Provider | Transport | Assembly["framework"] | Plugin): AdapterDescriptor {
  return { name: adapter.name, ...(adapter.recipe === undefined ? {} : { recipe: adapter.recipe }) };
}
