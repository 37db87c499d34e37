import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineFacts, NotReady, Provider, RunContext } from "@unitrain/core";
import { type EnvironmentRoom, UnitrainError } from "@unitrain/core/spec";
import type { Adapters } from "../machines/adapters.ts";
import { lookContext } from "../machines/call-context.ts";
import { reachMachine } from "../machines/reach-machine.ts";
import { counted, dollars, duration } from "../render/figures.ts";
import { lookAtStored } from "../stored/look-at-stored.ts";
import { lookAtFacts } from "./facts.ts";
import type { Look } from "./look.ts";

/** Looks at the machine of a provider: reaches it, and says what is there. Of what would have to be rented only the offer is asked for. */
export async function lookAtMachine(adapters: Adapters, say: (message: string) => void): Promise<Look[]> {
  const { provider } = adapters;
  const folder = await mkdtemp(join(tmpdir(), "unitrain-doctor-"));
  const context = contextOf(folder, say);
  try {
    if (provider.ownership === "rented") return await lookAtOffer(provider, context);
    const reached = await reachMachine(adapters, context);
    if ("ready" in reached) return [unreached(reached)];
    await using session = reached.session;
    const facts = await session.facts(context);
    const found =
      reached.machine.reach === "local"
        ? "none is needed"
        : `reached and logged in within ${duration(reached.seconds)}`;
    return [
      { state: "ok", what: "connection", found },
      ...lookAtFacts(facts, await roomOf(facts)),
      ...(await lookAtStored(session, facts, context)),
    ];
  } catch (error) {
    return [failed("machine", error)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the framework that trains unless another is named. */
async function roomOf(facts: MachineFacts): Promise<EnvironmentRoom | undefined> {
  const { yolo } = await import("@unitrain/framework-yolo");
  return yolo().environment(facts).room;
}

async function lookAtOffer(provider: Provider, context: RunContext): Promise<Look[]> {
  const quote = await provider.quote({ diskBytes: 0 }, context);
  const found = `${quote.machine}, ${dollars(quote.priceUsdPerHour)}/h, in stock: ${quote.available}`;
  const offers = (await provider.offers?.(context)) ?? [];
  const more = offers.length === 0 ? "" : `; ${counted(offers.length, "offer")} in all`;
  return [
    { state: "ok", what: "offer", found: `${found}${more}` },
    { state: "note", what: "machine", found: "not looked at: it would have to be rented" },
  ];
}

function unreached({ step, reason }: NotReady): Look {
  return {
    state: "fail",
    what: "connection",
    found: `${step}: ${reason}`,
    hint: hints[step] ?? hints.tcp ?? "",
  };
}

/** By the step that a machine stayed at. */
const hints: Readonly<Record<string, string>> = {
  tcp: "Is it switched on, is that its address and port, does a firewall stand between?",
  banner: "Something answers there, but no SSH server: is the port right?",
  login:
    "See what `ssh` says when it connects to the same name, port and user: unitrain uses the same keys, agent and known_hosts.",
};

function contextOf(folder: string, say: (message: string) => void): RunContext {
  return { ...lookContext(say), runId: "doctor", leaseId: "doctor", folder };
}

export function failed(what: string, error: unknown): Look {
  const found = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const hint = UnitrainError.isInstance(error) ? error.hint : undefined;
  return { state: "fail", what, found, ...(hint === undefined ? {} : { hint }) };
}
