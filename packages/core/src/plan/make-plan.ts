import { join, resolve } from "node:path";
import { callAdapter } from "../adapter/border.ts";
import { checkAdapter } from "../adapter/shape.ts";
import type { PlanOptions } from "../api.ts";
import type { Assembly } from "../assembly.ts";
import { limitOf } from "../money/limit.ts";
import {
  type AdapterNote,
  type DataSource,
  type Finding,
  type MachineRequest,
  type Plan,
  type Plugin,
  type Provider,
  type Transport,
  UnitrainError,
} from "../spec/index.ts";
import { type HashedManifest, hashManifest } from "./hash-manifest.ts";
import { newRunId, newRunName } from "./run-name.ts";

const checkTimeoutMs = 30 * 60_000;
const quoteTimeoutMs = 60_000;

/** Checks, hashes and prices. Spends nothing, writes nothing. */
export async function makePlan(assembly: Assembly, options: PlanOptions): Promise<Plan> {
  const { framework, plugins } = assembly;
  const source = sourceOf(options.data);
  const wanted = { ...options.machine, diskBytes: framework.diskBytes };
  const { provider, transport } = await chooseMachine(assembly, wanted, options.signal);
  const checked = await checkData(assembly, source, options.signal);
  const { job, folder } = framework.describe();
  const request = { ...wanted, diskBytes: 2 * checked.shipment.bytes + framework.diskBytes };
  const quote = await callAdapter(
    assembly.border,
    { phase: "plan", adapter: `${provider.name}.quote`, timeoutMs: quoteTimeoutMs, signal: options.signal },
    (context) => provider.quote(request, context),
  );
  const { budgetUsd, maxHours } = options;
  if (budgetUsd !== undefined) positive("budgetUsd", budgetUsd);
  if (maxHours !== undefined) positive("maxHours", maxHours);
  const limit = limitOf({ ownership: provider.ownership, quote, budgetUsd, maxHours });
  const name = options.name ?? newRunName(await assembly.namesTaken());
  checkName(name);
  return {
    planVersion: "v1",
    runId: newRunId(assembly.border.clock.now()),
    name,
    createdAt: new Date(assembly.border.clock.now()).toISOString(),
    source,
    data: {
      files: checked.shipment.files,
      bytes: checked.shipment.bytes,
      digest: checked.shipment.digest,
      summary: checked.summary,
    },
    findings: checked.findings,
    job,
    provider: { ...note(provider), ownership: provider.ownership },
    transport: note(transport),
    framework: note(framework),
    plugins: plugins.map(note),
    request,
    quote,
    ...variables(options),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
    ...(maxHours === undefined ? {} : { maxHours }),
    ...(limit === undefined ? {} : { limit }),
    out: resolve(options.out ?? join(folder, name)),
  };
}

/** The framework's check and the `ship` hooks, then the content's name. Also called by `start`, which compares it. */
export async function checkData(
  assembly: Assembly,
  source: DataSource,
  signal?: AbortSignal,
): Promise<{ shipment: HashedManifest; summary: string; findings: readonly Finding[] }> {
  const { framework, hooks } = assembly;
  const call = {
    phase: "plan" as const,
    adapter: `${framework.name}.check`,
    timeoutMs: checkTimeoutMs,
    signal,
  };
  const report = await callAdapter(assembly.border, call, (context) => framework.check(source, context));
  const errors = report.findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw invalidDataset(errors);
  const manifest = await hooks.waterfall("ship", report.manifest, assembly.hookCall("plan", signal));
  return {
    shipment: await hashManifest(manifest, assembly.hashes, signal),
    summary: report.summary,
    findings: report.findings,
  };
}

/** The provider that a `provision` hook brings, else the user's own, and a transport that reaches it. */
export async function chooseMachine(assembly: Assembly, request: MachineRequest, signal?: AbortSignal) {
  const call = assembly.hookCall("plan", signal);
  const provider = (await assembly.hooks.first("provision", request, call)) ?? assembly.provider;
  return { provider, transport: chooseTransport(assembly, provider) };
}

function chooseTransport(assembly: Assembly, provider: Provider): Transport {
  const transport = assembly.transport ?? provider.defaultTransport?.();
  if (transport === undefined) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `The provider "${provider.name}" brings no transport of its own.`,
      {
        hint: `Name one that reaches "${provider.reach}" machines: createUnitrain({ transport: … }).`,
        phase: "plan",
      },
    );
  }
  checkAdapter("transport", transport);
  if (!transport.reaches.includes(provider.reach)) {
    throw new UnitrainError(
      "REACH_MISMATCH",
      `The transport "${transport.name}" reaches ${transport.reaches.map((reach) => `"${reach}"`).join(", ")}, the provider "${provider.name}" gives "${provider.reach}" machines.`,
      { hint: "Leave the transport out to use the provider's own, or name one that fits.", phase: "plan" },
    );
  }
  return transport;
}

/** The user's word for data: a folder, unless it says more. */
function sourceOf(data: string | DataSource): DataSource {
  return typeof data === "string" ? { kind: "local", path: resolve(data) } : data;
}

function invalidDataset(errors: readonly Finding[]): UnitrainError {
  const shown = errors
    .slice(0, 10)
    .map(({ file, line, message }) => `  ${file}${line ? `:${line}` : ""}  ${message}`);
  const more = errors.length > shown.length ? [`  and ${errors.length - shown.length} more`] : [];
  const count = errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`;
  return new UnitrainError("INVALID_DATASET", [`The dataset has ${count}:`, ...shown, ...more].join("\n"), {
    hint: "Mend them, then try again: nothing was started.",
    phase: "plan",
  });
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) return;
  throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(name)} cannot be the name of a run.`, {
    hint: "Use up to 63 letters, digits, '-' and '_', beginning with a letter or digit.",
    phase: "plan",
  });
}

/** Names that a shell can carry, each said once. */
function variables({ env, secrets = [] }: PlanOptions): Pick<Plan, "env" | "secrets"> {
  const names = [...Object.keys(env ?? {}), ...secrets];
  for (const [index, name] of names.entries()) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new UnitrainError(
        "INVALID_OPTIONS",
        `${JSON.stringify(name)} cannot be the name of a variable.`,
        {
          hint: "Use letters, digits and _, beginning with a letter or _.",
          phase: "plan",
        },
      );
    }
    if (names.indexOf(name) < index) {
      throw new UnitrainError("INVALID_OPTIONS", `${name} is given twice.`, {
        hint: "Give each variable once, either as env or as a secret.",
        phase: "plan",
      });
    }
  }
  for (const [name, value] of Object.entries(env ?? {})) {
    if (value.includes("\0"))
      throw new UnitrainError("INVALID_OPTIONS", `The value of ${name} holds a NUL byte.`, { phase: "plan" });
  }
  return { ...(env === undefined || Object.keys(env).length === 0 ? {} : { env }), secrets };
}

function positive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new UnitrainError("INVALID_OPTIONS", `${name} is ${value}, and must be a number above 0.`, {
    phase: "plan",
  });
}

function note(adapter: Provider | Transport | Assembly["framework"] | Plugin): AdapterNote {
  return { name: adapter.name, ...(adapter.origin === undefined ? {} : { origin: adapter.origin }) };
}
