import { dirname } from "node:path";
import { calculateCostUsd, formatUsd, type Provider, type Quote } from "@unitrain/core/spec";
import type { ProviderSubject } from "../provider/subject.ts";
import { createProviderBed } from "../provider/testbed.ts";
import { type SuiteClock, systemClock } from "../suite/clock.ts";
import { describeError } from "../suite/demand.ts";
import { checkRule } from "../suite/register.ts";
import { type LiveLedger, openLiveLedger } from "./ledger.ts";
import { type LiveRule, listLiveRules } from "./live-rules.ts";
import { sweep } from "./sweep.ts";

/** Options of {@link runLive}. */
export interface LiveOptions {
  /** Creates the provider with a real account. Called again for each check, as another process would do. */
  readonly createProvider: () => Provider;
  /** The most US dollars that all checks together may cost. */
  readonly budgetUsd: number;
  /** The file that names everything that may cost money. */
  readonly ledgerFile: string;
  /** Asks the user whether to spend money. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly print: (line: string) => void;
  /** Stops before the next check when it aborts. The running one is finished and cleaned up. */
  readonly signal?: AbortSignal;
  readonly clock?: SuiteClock;
}

/** What is held longer than the boot: requests, polls and the release. */
const extraSeconds = 180;
const callLimitMs = 20 * 60_000;

/**
 * Checks a provider against a real account: shows the price and asks, checks one rule after the other within the budget, and releases
 * and checks everything after each of them. Resolves with whether every rule was kept and nothing is left.
 */
export async function runLive(options: LiveOptions): Promise<boolean> {
  const { createProvider, budgetUsd, print, confirm, signal, clock = systemClock } = options;
  const ledger = openLiveLedger(options.ledgerFile);
  const provider = createProvider();
  if (provider.list === undefined) {
    print(
      "Live checks need the provider's list(), which finds what a crashed check left. Implement it first.",
    );
    return false;
  }
  if (!(await cleanUp(options, ledger))) return false;
  const quote = await provider.quote({ diskBytes: 1e9 }, createQuoteContext(clock));
  const priceUsd = calculateCostUsd(quote.bootSeconds.high + extraSeconds, quote);
  const liveRules = listLiveRules(provider.listPlannedResources("c0nf0r-price-1", quote).length);
  const rentals = liveRules.reduce((sum, rule) => sum + rule.rentals, 0);
  print(`${quote.machine}: ${formatUsd(quote.priceUsdPerHour)} per hour.${describeUnknownCosts(quote)}`);
  print(
    `${liveRules.length} rules rent ${rentals} machines for a few minutes each: at most about ${formatUsd(rentals * priceUsd)}. The budget is ${formatUsd(budgetUsd)}.`,
  );
  if (!(await confirm("Rent machines in this account?"))) {
    print("Nothing was rented.");
    return false;
  }
  let spentUsd = 0;
  let isGood = true;
  for (const live of liveRules) {
    if (signal?.aborted) {
      print("Stopped. The remaining rules were not checked.");
      return false;
    }
    if (spentUsd + live.rentals * priceUsd > budgetUsd) {
      print(`left out  ${live.rule.id}: its ${formatUsd(live.rentals * priceUsd)} would exceed the budget`);
      isGood = false;
      continue;
    }
    const startedAt = clock.now();
    const error = await checkLive(live, options, ledger);
    const isClean = await cleanUp(options, ledger);
    spentUsd += calculateSpentUsd(live, (clock.now() - startedAt) / 1_000, quote);
    print(error === undefined ? `kept      ${live.rule.id}` : `BROKEN    ${describeError(error)}`);
    isGood &&= error === undefined;
    if (!isClean) return false;
  }
  print(`Spent about ${formatUsd(spentUsd)}. Nothing of the checks is left in the account.`);
  return isGood;
}

async function checkLive(
  { rule }: LiveRule,
  { createProvider, clock = systemClock }: LiveOptions,
  ledger: LiveLedger,
): Promise<unknown> {
  const lister = createProvider();
  const subject = (): ProviderSubject => ({
    provider: createProvider(),
    recreate: createProvider,
    callLimitMs,
    clock,
    listExisting: async () =>
      ((await lister.list?.(createQuoteContext(clock))) ?? []).map(
        ({ kind, name, id = name, free = false }) => ({
          kind,
          name,
          id,
          isFree: free,
        }),
      ),
  });
  try {
    await checkRule(rule, async () => createProviderBed(subject(), ledger.save));
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Releases everything that live checks have left in the account, found by their ledger and by the prefix of their names. Resolves with
 * false, and says what to do, if anything is not proven gone.
 */
export function sweepLive(options: Omit<LiveOptions, "budgetUsd" | "confirm">): Promise<boolean> {
  return cleanUp(options, openLiveLedger(options.ledgerFile));
}

async function cleanUp(
  options: Omit<LiveOptions, "budgetUsd" | "confirm">,
  ledger: LiveLedger,
): Promise<boolean> {
  const { createProvider, ledgerFile, print, clock = systemClock } = options;
  try {
    const left = await sweep({
      provider: createProvider(),
      ledger,
      clock,
      folder: dirname(ledgerFile),
      print,
    });
    if (left.length === 0) return true;
    print(
      `NOT PROVEN GONE: ${left.map(({ kind, name, id }) => `${kind} ${name} (${id ?? "no id"})`).join(", ")}.`,
    );
  } catch (error) {
    print(`CANNOT CHECK THE ACCOUNT: ${describeError(error)}`);
  }
  print("These may cost money. Run unitrain-conformance --sweep again, or look in the provider's console.");
  return false;
}

/** Every machine counts as held for the whole check, or for its share of a check that rents one after the other. */
function calculateSpentUsd({ rentals, atOnce }: LiveRule, seconds: number, quote: Quote): number {
  return rentals === 0 ? 0 : rentals * calculateCostUsd((seconds * atOnce) / rentals, quote);
}

function describeUnknownCosts({ upfrontUsd, otherUsdPerHour }: Quote): string {
  return upfrontUsd === "unknown" || otherUsdPerHour === "unknown"
    ? " The provider names no price for a part of it, which the budget does not include."
    : "";
}

function createQuoteContext(clock: SuiteClock) {
  const { signal } = new AbortController();
  return { signal, secret: () => {}, showStatus: () => {}, wait: (ms: number) => clock.wait(ms, signal) };
}
