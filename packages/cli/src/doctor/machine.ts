import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine, MachineFacts, Provider, RunContext, Transport } from "@unitrain/core";
import { type EnvironmentRoom, UnitrainError } from "@unitrain/core/spec";
import type { Adapters } from "../machines/adapters.ts";
import { lookContext } from "../machines/call-context.ts";
import { counted, dollars, duration } from "../render/figures.ts";
import { lookAtFacts } from "./facts.ts";
import type { Look } from "./look.ts";

/** Looks at the machine of a provider: reaches it, and says what is there. Of what would have to be rented only the offer is asked for. */
export async function lookAtMachine(adapters: Adapters, say: (message: string) => void): Promise<Look[]> {
  const { provider } = adapters;
  const folder = await mkdtemp(join(tmpdir(), "unitrain-doctor-"));
  const context = contextOf(folder, say);
  try {
    if (provider.ownership === "rented") return await lookAtOffer(provider, context);
    const machine = await machineOf(provider, context);
    const transport = adapters.transport ?? provider.defaultTransport?.();
    if (transport === undefined)
      throw new UnitrainError("REACH_MISMATCH", `Nothing here reaches "${provider.name}".`);
    const { looks, facts } = await reach(transport, machine, context);
    return facts === undefined ? looks : [...looks, ...lookAtFacts(facts, await roomOf(facts))];
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

async function machineOf(provider: Provider, context: RunContext): Promise<Machine> {
  await provider.quote({ diskBytes: 0 }, context);
  const state = await provider.look([], context);
  if (state.state === "running") return state.machine;
  throw new UnitrainError("NOT_READY", `The machine of "${provider.name}" is ${state.state}.`);
}

/** Tries again and again for a moment: a machine that is just starting is told apart from one that is not there. */
async function reach(
  transport: Transport,
  machine: Machine,
  context: RunContext,
): Promise<{ readonly looks: Look[]; readonly facts?: MachineFacts }> {
  const began = performance.now();
  let said = "";
  for (;;) {
    const answer = await transport.connect(machine, context);
    const seconds = (performance.now() - began) / 1000;
    if (!("ready" in answer)) {
      try {
        const facts = await answer.facts(context);
        const found =
          machine.reach === "local" ? "none is needed" : `reached and logged in within ${duration(seconds)}`;
        return { looks: [{ state: "ok", what: "connection", found }], facts };
      } finally {
        await answer[Symbol.asyncDispose]();
      }
    }
    if (answer.final === true || seconds > patienceSeconds) {
      const { step, reason } = answer;
      return {
        looks: [
          {
            state: "fail",
            what: "connection",
            found: `${step}: ${reason}`,
            hint: hints[step] ?? hints.tcp ?? "",
          },
        ],
      };
    }
    const news = `${answer.step}: ${answer.reason}`;
    // The same again at every try is no news.
    if (news !== said) context.say(news);
    said = news;
    await context.wait(1_000);
  }
}

const patienceSeconds = 15;

/** By the step that a machine stayed at. */
const hints: Readonly<Record<string, string>> = {
  tcp: "Is it switched on, is that its address and port, does a firewall stand between?",
  banner: "Something answers there, but no SSH server: is the port right?",
  login: "Does `ssh` let you in there? unitrain uses the same keys, agent and known_hosts.",
};

function contextOf(folder: string, say: (message: string) => void): RunContext {
  return { ...lookContext(say), runId: "doctor", leaseId: "doctor", folder };
}

export function failed(what: string, error: unknown): Look {
  const found = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const hint = UnitrainError.isInstance(error) ? error.hint : undefined;
  return { state: "fail", what, found, ...(hint === undefined ? {} : { hint }) };
}
