import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { findAdapterFault, type Provider } from "@unitrain/core/spec";
import { describeError } from "../suite/demand.ts";
import { type LiveOptions, runLive, sweepLive } from "./run-live.ts";

const help = `Checks a provider for unitrain against a real account. It rents machines, which costs money.

  unitrain-conformance --live --provider ./dist/index.js --budget 1
  unitrain-conformance --sweep --provider ./dist/index.js

  --live             check the rules that need no fake cloud; shows the price and asks first
  --sweep            release what a crashed check left, found by its ledger and by the prefix of its names
  --provider <file>  module of the provider: a file, or the name of a package
  --export <name>    name of the exported factory; by default the only function that creates a provider
  --options <json>   options of the factory, such as '{"gpu":"H100"}'
  --budget <usd>     the most that all checks together may cost
  --yes              do not ask
`;

/** Runs the command. Resolves with the exit code: 0 if every rule was kept, 1 if not, 2 for wrong arguments. */
export async function runCommand(words: readonly string[], print: (line: string) => void): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    print(`${describeError(error)}\n\n${help}`);
    return 2;
  }
  const { live, sweep, provider, budget, yes, help: wantsHelp } = parsed;
  if (wantsHelp) {
    print(help);
    return 0;
  }
  const budgetUsd = Number(budget);
  if (provider === undefined || live === sweep || (live && !(budgetUsd > 0))) {
    print(`Pass --provider, and either --sweep or --live with --budget.\n\n${help}`);
    return 2;
  }
  const createProvider = await loadFactory(provider, parsed.export, parsed.options);
  const folder = join(process.cwd(), ".unitrain-conformance");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stop = new AbortController();
  process.once("SIGINT", () => {
    print("Stopping after this check. What it has rented is released first.");
    stop.abort();
  });
  const options: LiveOptions = {
    createProvider,
    budgetUsd,
    ledgerFile: join(folder, "ledger.jsonl"),
    print,
    confirm: yes ? async () => true : askUser,
    signal: stop.signal,
  };
  const isGood = sweep ? await sweepLive(options) : await runLive(options);
  if (sweep && isGood) print("Nothing of the checks is left in the account.");
  return isGood ? 0 : 1;
}

function parse(words: readonly string[]) {
  const { values } = parseArgs({
    args: [...words],
    options: {
      live: { type: "boolean", default: false },
      sweep: { type: "boolean", default: false },
      provider: { type: "string" },
      export: { type: "string" },
      options: { type: "string", default: "{}" },
      budget: { type: "string" },
      yes: { type: "boolean", short: "y", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return { ...values, options: JSON.parse(values.options) as unknown };
}

/** Loads the factory of a provider. It is called here once, which sends no request. */
async function loadFactory(
  module: string,
  name: string | undefined,
  options: unknown,
): Promise<() => Provider> {
  const isFile = /^[./]/.test(module);
  const exported = (await import(isFile ? pathToFileURL(resolve(module)).href : module)) as Record<
    string,
    unknown
  >;
  const names = name === undefined ? Object.keys(exported) : [name];
  for (const candidate of names) {
    const factory = exported[candidate];
    if (typeof factory !== "function") continue;
    const create = () => factory(options) as Provider;
    if (name !== undefined || isProvider(create)) return create;
  }
  throw new Error(`${module} exports no function that creates a provider. Name it with --export.`);
}

function isProvider(create: () => unknown): boolean {
  try {
    return findAdapterFault("provider", create()) === undefined;
  } catch {
    return false;
  }
}

async function askUser(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stdout.write("There is no terminal to ask. Pass --yes to agree.\n");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
