import type { Machine, NotReady, Provider, RunContext, Session } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { Adapters } from "./adapters.ts";

const patienceSeconds = 15;

export interface ReachedMachine {
  readonly session: Session;
  readonly machine: Machine;
  readonly seconds: number;
}

/** Connects to the machine of a provider that rents none; tries for a moment, so that one that is just starting is not taken for one that is not there. */
export async function reachMachine(
  { provider, transport: given }: Adapters,
  context: RunContext,
): Promise<ReachedMachine | NotReady> {
  const machine = await machineOf(provider, context);
  const transport = given ?? provider.defaultTransport?.();
  if (transport === undefined)
    throw new UnitrainError("REACH_MISMATCH", `Nothing here reaches "${provider.name}".`);
  const began = performance.now();
  let said = "";
  for (;;) {
    const answer = await transport.connect(machine, context);
    const seconds = (performance.now() - began) / 1000;
    if (!("ready" in answer)) return { session: answer, machine, seconds };
    if (answer.final === true || seconds > patienceSeconds) return answer;
    const news = `${answer.step}: ${answer.reason}`;
    // The same again at every try is no news.
    if (news !== said) context.say(news);
    said = news;
    await context.wait(1_000);
  }
}

async function machineOf(provider: Provider, context: RunContext): Promise<Machine> {
  await provider.quote({ diskBytes: 0 }, context);
  const state = await provider.look([], context);
  if (state.state === "running") return state.machine;
  throw new UnitrainError("NOT_READY", `The machine of "${provider.name}" is ${state.state}.`);
}
