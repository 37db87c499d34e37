import { open, stat } from "node:fs/promises";
import type { Plan } from "../spec/index.ts";
import { isPlan } from "./parse-entry.ts";
import type { RunFolder } from "./run-folder.ts";

/** Information about the plan from the run's first event, for when the ledger is unreadable. It identifies the run to the user and never continues it. */
export interface PlanHints {
  /** The whole plan, with which `gc` asks the provider about resources that a damaged ledger still names. */
  readonly plan?: Plan;
  readonly name?: string;
  readonly createdAt?: string;
  readonly machine?: string;
  readonly job?: string;
  readonly out?: string;
  readonly provider?: string;
  readonly ownership?: "rented" | "borrowed";
  readonly priceUsdPerHour?: number;
}

const mostBytes = 1024 * 1024;

export async function readPlanHints(folder: RunFolder): Promise<PlanHints> {
  try {
    const { plan } = JSON.parse(await readFirstLine(folder.events)) as { plan: Record<string, unknown> };
    const provider = (plan.provider ?? {}) as Record<string, unknown>;
    const quote = (plan.quote ?? {}) as Record<string, unknown>;
    const { ownership } = provider;
    const price = quote.priceUsdPerHour;
    return {
      ...(isPlan(plan) ? { plan } : {}),
      ...pickTexts({ ...plan, machine: quote.machine, provider: provider.name }),
      ...(ownership === "rented" || ownership === "borrowed" ? { ownership } : {}),
      ...(typeof price === "number" ? { priceUsdPerHour: price } : {}),
    };
  } catch {
    return {};
  }
}

function pickTexts(found: Readonly<Record<string, unknown>>): PlanHints {
  const names = ["name", "createdAt", "machine", "job", "out", "provider"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = found[name];
      if (typeof text !== "string" || (name === "createdAt" && Number.isNaN(Date.parse(text)))) return [];
      return [[name, text]];
    }),
  );
}

async function readFirstLine(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) return "";
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString("utf8", 0, bytesRead).split("\n", 1)[0] ?? "";
  } finally {
    await handle.close();
  }
}
