import type {
  FrameworkDefinition,
  IfComplete,
  PluginDefinition,
  ProviderDefinition,
  TransportDefinition,
} from "./definition.ts";
import type { Framework } from "./framework.ts";
import type { Plugin } from "./plugin.ts";
import type { Provider } from "./provider.ts";
import { specVersion } from "./spec-version.ts";
import type { Transport } from "./transport.ts";

/**
 * Defines a provider: adds the spec version to the object, checks its type and freezes it. Nothing of it is called.
 *
 * @example
 * ```ts
 * import { defineProvider } from "@unitrain/core/spec";
 *
 * export const desk = () =>
 *   defineProvider({
 *     name: "desk",
 *     connectionKind: "ssh",
 *     ownership: "borrowed",
 *     quote: async () => ({
 *       machine: "the machine below the desk", priceUsdPerHour: 0, upfrontUsd: 0, otherUsdPerHour: 0, billingTickSeconds: 1,
 *       gpus: 1, available: "yes", interruptible: false, bootSeconds: { likely: 0, high: 0 }, reference: null,
 *     }),
 *     listPlannedResources: () => [],
 *     lease: async () => {},
 *     getMachineState: async () => ({ state: "running", machine: { connectionKind: "ssh", host: "desk.local", port: 22, user: "me" } }),
 *     release: async () => [],
 *   });
 * ```
 */
export function defineProvider<Member extends keyof ProviderDefinition>(
  provider: IfComplete<ProviderDefinition, Member> & Pick<ProviderDefinition, Member>,
): Provider {
  return freeze<Provider>(provider);
}

/**
 * Defines a transport, as {@link defineProvider} defines a provider. If you can run a POSIX command on the machine, use
 * `posixTransport()` of `@unitrain/transport-posix` instead: it implements everything else.
 *
 * @example
 * ```ts
 * import { defineTransport, type Session } from "@unitrain/core/spec";
 *
 * declare function openSession(host: string): Promise<Session | undefined>;
 *
 * export const lab = () =>
 *   defineTransport({
 *     name: "lab",
 *     supports: ["ssh"],
 *     connect: async (machine) =>
 *       (await openSession(machine.connectionKind === "ssh" ? machine.host : "lab")) ??
 *       { ready: false, step: "login", reason: "the lab does not answer" },
 *   });
 * ```
 */
export function defineTransport<Member extends keyof TransportDefinition>(
  transport: IfComplete<TransportDefinition, Member> & Pick<TransportDefinition, Member>,
): Transport {
  return freeze<Transport>(transport);
}

/**
 * Defines a framework, as {@link defineProvider} defines a provider.
 *
 * @example
 * ```ts
 * import { defineFramework } from "@unitrain/core/spec";
 *
 * const nothing = { argv: ["true"] };
 * export const count = () =>
 *   defineFramework({
 *     name: "count",
 *     diskBytes: 1_000_000,
 *     describe: () => ({ job: "count words", folder: "runs/count", settings: [] }),
 *     check: async () => ({ manifest: { async *entries() {} }, summary: "no files", findings: [] }),
 *     environment: ({ environmentsFolder }) => ({
 *       key: "count", folder: `${environmentsFolder}/count`, checkCommand: nothing, install: nothing, verify: nothing,
 *     }),
 *     job: ({ jobId, output, scratch }) => ({
 *       id: jobId, argv: ["sh", "-c", "echo 1 > $0/best.model", output], cwd: scratch,
 *       env: {}, secrets: [], watch: [], needs: { gpus: 0 }, title: "count words",
 *     }),
 *     progress: () => ({ text: () => [], file: () => [] }),
 *     artifacts: {
 *       locate: async ({ files }) => files.filter(({ path }) => path.endsWith(".model")),
 *       search: ["*.model"],
 *       rank: (files) => files,
 *       alternatives: () => [],
 *       extraFiles: [],
 *       isComplete: async () => true,
 *       hint: "Train for at least one round.",
 *     },
 *   });
 * ```
 */
export function defineFramework<Member extends keyof FrameworkDefinition>(
  framework: IfComplete<FrameworkDefinition, Member> & Pick<FrameworkDefinition, Member>,
): Framework {
  return freeze<Framework>(framework);
}

/**
 * Defines a plugin, as {@link defineProvider} defines a provider.
 *
 * @example
 * ```ts
 * import { definePlugin } from "@unitrain/core/spec";
 *
 * export const employeeNumbers = definePlugin({
 *   name: "employee-numbers",
 *   hooks: { sanitize: (text) => text.replace(/\bE-\d{6}\b/g, "[employee]") },
 * });
 * ```
 */
export function definePlugin<Member extends keyof PluginDefinition>(
  plugin: IfComplete<PluginDefinition, Member> & Pick<PluginDefinition, Member>,
): Plugin {
  return freeze<Plugin>(plugin);
}

/** The types have found that no member is missing. */
function freeze<Adapter>(definition: object): Adapter {
  return Object.freeze({ specVersion, ...definition }) as Adapter;
}
