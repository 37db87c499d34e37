import { loadFromFolder, remake } from "./adapter/origin.ts";
import type { AttachOptions, RunsOptions } from "./api.ts";
import { assemble, type Parts } from "./assemble.ts";
import { type ControllerGiven, openRunFiles } from "./run/controller.ts";
import type {
  AdapterNote,
  Framework,
  Plan,
  Plugin,
  Provider,
  RunEventBody,
  Transport,
} from "./spec/index.ts";
import { openLedger } from "./state/ledger.ts";
import type { Lock } from "./state/lock.ts";
import type { FoundRun } from "./state/run-list.ts";

/** Adapters that are in this process already, so that they need not be made again. */
export type Known = Partial<Parts>;

/** Makes again, in this process, what drives a run that another one began. The lock is ours already. */
export async function takeOver(
  options: RunsOptions,
  known: Known,
  given: {
    readonly found: FoundRun;
    readonly plan: Plan;
    readonly lock: Lock;
    readonly attach: AttachOptions;
  },
): Promise<ControllerGiven> {
  const { found, plan, lock, attach } = given;
  const parts = await partsOf(found, plan, options, known);
  let emit: (body: RunEventBody) => void = () => {};
  const assembly = assemble(options, parts, {
    say: (gate, phase, message) => emit({ type: "status", phase, message: gate.text(message) }),
  });
  const secrets = attach.secrets ?? {};
  for (const [name, value] of Object.entries(secrets)) assembly.gate.register(value, name);
  const ledger = await openLedger(found.folder.ledger, assembly.ports);
  const events = await openRunFiles(assembly, plan, found.folder);
  emit = (body) => void events.emit(body);
  emit({ type: "controller", state: "attached" });
  return {
    plan,
    leaseId: ledger.state.leaseId ?? "",
    assembly,
    provider: parts.provider,
    transport: parts.transport,
    folder: found.folder,
    ledger,
    lock,
    events,
    shipment: undefined,
    resumed: true,
    secrets,
    signal: attach.signal,
  };
}

/** The adapters that a plan names. */
export async function partsOf(found: FoundRun, plan: Plan, options: RunsOptions, known: Known) {
  const from = {
    load: options.load ?? loadFromFolder,
    folder: found.reading.state.workingFolder ?? process.cwd(),
  };
  const again = async <T extends { readonly name: string }>(
    kind: "provider" | "transport" | "framework" | "plugin",
    note: AdapterNote,
    candidates: readonly (T | undefined)[],
  ): Promise<T> => candidates.find((one) => one?.name === note.name) ?? (await remake<T>(kind, note, from));
  const provider = await again<Provider>("provider", plan.provider, [known.provider]);
  const transports = [known.transport, provider.defaultTransport?.()];
  return {
    provider,
    transport: await again<Transport>("transport", plan.transport, transports),
    framework: await again<Framework>("framework", plan.framework, [known.framework]),
    plugins: await Promise.all(
      plan.plugins.map((note) => again<Plugin>("plugin", note, known.plugins ?? [])),
    ),
  };
}
