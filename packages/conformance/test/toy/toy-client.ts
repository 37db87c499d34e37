import { stripVTControlCharacters } from "node:util";
import { type CallContext, type Resource, UnitrainError } from "@unitrain/core/spec";
import type { ToyAnswer, ToyCloud, ToyItem, ToyKind, ToyRequest } from "./toy-cloud.ts";
import type { ToyMistakes } from "./toy-mistakes.ts";

type SeenItem = ToyItem & { readonly status: string };

/** The calls of the toy cloud, as its provider uses them. */
export interface ToyClient {
  readonly now: () => number;
  /** The status of the last refused request. */
  lastStatus(): number;
  getPrice(context: CallContext): Promise<number>;
  /** Creates a resource, or finds it if the answer was lost. */
  create(kind: ToyKind, name: string, context: CallContext): Promise<SeenItem | undefined>;
  list(kind: ToyKind, context: CallContext): Promise<readonly SeenItem[]>;
  /** Finds all resources with the name of a ledger entry, or with its id. */
  find(resource: Resource, context: CallContext): Promise<readonly SeenItem[]>;
  delete(kind: ToyKind, id: string, context: CallContext): Promise<void>;
}

const rateLimitWaitMs = 1_000;

export function createToyClient(cloud: ToyCloud, mistakes: ToyMistakes): ToyClient {
  let lastStatus = 200;
  const created = new Set<string>();
  const request = async (
    wanted: Omit<ToyRequest, "key" | "signal">,
    context: CallContext,
  ): Promise<ToyAnswer> => {
    if (!mistakes.registersNoSecret) context.secret(cloud.key);
    const signal = mistakes.ignoresAborts ? new AbortController().signal : context.signal;
    const answer = await cloud.request({ ...wanted, key: cloud.key, signal });
    if (answer.status === 429 && !mistakes.givesUpAtRateLimits) {
      await context.wait(rateLimitWaitMs);
      return request(wanted, context);
    }
    if (answer.error === undefined || answer.status === 404) return answer;
    lastStatus = answer.status;
    throw new UnitrainError(
      answer.status === 409 ? "OUT_OF_STOCK" : "PROVIDER_UNAVAILABLE",
      `The toy cloud answered ${answer.status}: ${clean(answer.error)}.`,
    );
  };
  const clean = (text: string) => {
    const masked = mistakes.showsEverything === "secrets" ? text : text.replaceAll(cloud.key, "[secret]");
    return mistakes.showsEverything === "control characters" ? masked : stripVTControlCharacters(masked);
  };
  const list: ToyClient["list"] = async (kind, context) => {
    const items: SeenItem[] = [];
    let page: number | undefined = 0;
    while (page !== undefined) {
      const answer: ToyAnswer = await request({ method: "GET", kind, page }, context);
      items.push(...(answer.items ?? []));
      page = mistakes.readsOnlyTheFirstPage ? undefined : answer.nextPage;
    }
    return items;
  };
  return {
    now: cloud.now,
    lastStatus: () => lastStatus,
    getPrice: async (context) =>
      (await request({ method: "GET", kind: "offer" }, context)).usdPerHour ?? Number.NaN,
    async create(kind, name, context) {
      created.add(name);
      try {
        return (await request({ method: "POST", kind, name }, context)).item;
      } catch (error) {
        if (UnitrainError.isInstance(error)) {
          if (mistakes.ignoresRefusals && error.code === "OUT_OF_STOCK") return undefined;
          throw error;
        }
        context.signal.throwIfAborted();
        if (mistakes.forgetsLostAnswers) throw error;
        if (mistakes.repeatsBlindly) return (await request({ method: "POST", kind, name }, context)).item;
        return (await list(kind, context)).find((item) => item.name === name);
      }
    },
    list,
    async find({ kind, name, id }, context) {
      const items = await list(kind as ToyKind, context);
      if (mistakes.remembersInMemory && !created.has(name)) return [];
      if (mistakes.overlooksTwins && id !== undefined) return items.filter((item) => item.id === id);
      return items.filter(
        (item) =>
          item.id === id || item.name === name || (mistakes.comparesBeginnings && item.name.startsWith(name)),
      );
    },
    async delete(kind, id, context) {
      await request({ method: "DELETE", kind, id }, context);
    },
  };
}
