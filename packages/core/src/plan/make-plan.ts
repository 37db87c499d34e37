import { resolve } from "node:path";
import type { Assembly } from "../adapters/assembly.ts";
import type { PlanOptions } from "../api/plan-options.ts";
import { calculateLimit } from "../money/limit.ts";
import { chooseOutput } from "../output/choose-output.ts";
import type {
  AdapterDescriptor,
  DataSource,
  Finding,
  Plan,
  Plugin,
  Provider,
  Transport,
} from "../spec/index.ts";
import { allOrAbort } from "../time/all-or-abort.ts";
import { askForQuote, refuseUnfitQuote } from "./ask-for-quote.ts";
import { checkData } from "./check-data.ts";
import { checkLimits, checkName, checkSetup } from "./check-options.ts";
import { checkVariables } from "./check-variables.ts";
import { chooseMachine } from "./choose-machine.ts";
import { describeConnection } from "./describe-connection.ts";
import { readReceipts } from "./history.ts";
import { maskPlanTexts, refuseRecordedSecrets } from "./plan-secrets.ts";
import { createPlanRecord, findChangedData, withUsedName } from "./plan-settings.ts";
import { estimateOverheads, predict } from "./predict.ts";
import { createRunId, createRunName, toRunName } from "./run-name.ts";

/** Implements `Unitrain.plan`. Spends nothing and writes nothing. */
export async function makePlan(assembly: Assembly, options: PlanOptions): Promise<Plan> {
  // Nobody passes their values to `plan`, but they are usually in this process already, where anything may quote them.
  const secretWarnings = registerSecrets(assembly, options.secrets ?? []);
  checkLimits(options);
  if (options.name !== undefined) checkName(options.name);
  const variableSettings = {
    ...checkVariables(options, assembly.sanitizer),
    ...checkSetup(options, assembly.sanitizer),
  };
  const { framework, plugins } = assembly;
  const source = toDataSource(options.data);
  const baseRequest = { ...options.machine, diskBytes: framework.diskBytes };
  const { provider, transport, machine } = await chooseMachine(assembly, baseRequest, options.signal);
  refuseRecordedSecrets(source, [provider, transport, framework, ...plugins], assembly.sanitizer);
  const output = await planOutput(assembly, options);
  // At the same time, because describing the connection runs programs that take a while.
  const [{ report, shipment, kept }, connection] = await allOrAbort(
    options.signal ?? new AbortController().signal,
    [
      (signal) => checkData(assembly, source, signal),
      (signal) => describeConnection(assembly, { provider, transport }, signal),
    ],
  );
  const { job, metrics } = framework.describe();
  const request = { ...baseRequest, diskBytes: 2 * shipment.bytes + framework.diskBytes };
  const quote = machine?.quote ?? (await askForQuote(assembly, provider, request, options.signal));
  refuseUnfitQuote(quote, request, framework);
  const { budgetUsd, maxHours } = options;
  const { files, bytes } = shipment;
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
  const planned = withUsedName({
    planVersion: "v1" as const,
    runId: createRunId(assembly.boundary.clock.now()),
    ...output,
    createdAt: new Date(assembly.boundary.clock.now()).toISOString(),
    source,
    data: {
      files,
      bytes,
      digest: shipment.digest,
      summary: report.summary,
      ...(report.classes === undefined ? {} : { classes: report.classes }),
      ...(report.location === undefined ? {} : { location: report.location }),
    },
    findings: [...secretWarnings, ...findChangedData(options, shipment.digest), ...report.findings],
    job,
    ...(metrics === undefined ? {} : { metrics }),
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
    ...(machine === undefined ? {} : { leaseId: machine.leaseId }),
    ...(options.keepMinutes === undefined ? {} : { keepMinutes: options.keepMinutes }),
    ...(options.retries === undefined ? {} : { retries: options.retries }),
    ...(options.maxOutputBytes === undefined ? {} : { maxOutputBytes: options.maxOutputBytes }),
    ...(limit === undefined ? {} : { limit }),
    ...(prediction === undefined ? {} : { prediction }),
  });
  const plan = maskPlanTexts(planned, assembly.sanitizer);
  assembly.memory.keep(plan, { provider, transport, data: kept });
  return plan;
}

/** Masks the values that this process has. Returns a warning for each that cannot be masked. */
function registerSecrets({ sanitizer }: Assembly, names: readonly string[]): readonly Finding[] {
  return names.flatMap((name): readonly Finding[] => {
    const value = process.env[name];
    const message = value === undefined || value === "" ? undefined : sanitizer.register(value, name);
    return message === undefined ? [] : [{ kind: "settings", severity: "warning", file: "", message }];
  });
}

/** Chooses name and folder of the run before the dataset is read, so that a folder that cannot be used is reported at once. */
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

/** Turns the `data` option into a source: a string with a scheme is a URL, any other string a path on this computer. */
function toDataSource(data: string | DataSource): DataSource {
  if (typeof data === "string" && /^[a-z][a-z0-9+.-]+:\/\//i.test(data))
    return { kind: "url", url: data, sha256: "" };
  return typeof data === "string" ? { kind: "local", path: resolve(data) } : data;
}

function describeAdapter(adapter: Provider | Transport | Assembly["framework"] | Plugin): AdapterDescriptor {
  return { name: adapter.name, ...(adapter.recipe === undefined ? {} : { recipe: adapter.recipe }) };
}
