import { type ApiClient, ApiFailure, type ApiRequestContext } from "@unitrain/core/http";

/** What can be created: it costs money (`instance`), or it is free (`ssh-key`). */
export type Kind = "instance" | "ssh-key";

export interface Offer {
  readonly id: string;
  readonly region: string;
  readonly usdPerHour: number;
  readonly isAvailable: boolean;
  readonly gpu: string;
  readonly gpus: number;
  readonly gpuMemoryBytes: number;
  readonly ramBytes: number;
  readonly diskBytes: number;
}

export interface Item {
  readonly id: string;
  readonly name: string;
  /** Of an instance. */
  readonly status?: string;
  readonly ip?: string;
}

export type Api = ReturnType<typeof createApi>;

// 3. The calls of your cloud's API. The client adds the key, timeouts, retries and the limit of the rate. Check every answer:
//    one that cannot be read must be an error, and never look like an empty list, which would mean that nothing costs money.
export function createApi({ get, send }: ApiClient) {
  return {
    async listOffers(context: ApiRequestContext): Promise<readonly Offer[]> {
      return readList(await get("/offers", {}, context), "offers", isOffer);
    },
    /** Lists all resources of a kind, on all pages. */
    async list(kind: Kind, context: ApiRequestContext): Promise<readonly Item[]> {
      const items: Item[] = [];
      let page = 0;
      for (;;) {
        const answer = await get(`/${kind}s`, { page: String(page) }, context);
        items.push(...readList(answer, "items", isItem));
        if (readField(answer, "isLastPage") === true) return items;
        page += 1;
      }
    },
    async create(
      kind: Kind,
      body: Readonly<Record<string, unknown>>,
      context: ApiRequestContext,
    ): Promise<Item> {
      const item = readField(await send("POST", `/${kind}s`, { body }, context), "item");
      if (!isItem(item)) throw unreadable(`POST /${kind}s`);
      return item;
    },
    /** `urgent` sends it at once, also while the cloud asks for a pause, because it ends a cost. */
    async delete(kind: Kind, id: string, context: ApiRequestContext): Promise<void> {
      await send("DELETE", `/${kind}s/${encodeURIComponent(id)}`, { urgent: true }, context);
    },
  };
}

function readList<T>(answer: unknown, field: string, isValid: (value: unknown) => value is T): readonly T[] {
  const list = readField(answer, field);
  if (!Array.isArray(list) || !list.every(isValid)) throw unreadable(`the list of ${field}`);
  return list;
}

function isOffer(value: unknown): value is Offer {
  const figures = ["usdPerHour", "gpus", "gpuMemoryBytes", "ramBytes", "diskBytes"];
  const texts = ["id", "region", "gpu"];
  return (
    figures.every((name) => Number.isFinite(readField(value, name))) &&
    texts.every((name) => typeof readField(value, name) === "string") &&
    typeof readField(value, "isAvailable") === "boolean"
  );
}

function isItem(value: unknown): value is Item {
  return typeof readField(value, "id") === "string" && typeof readField(value, "name") === "string";
}

function readField(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function unreadable(call: string): ApiFailure {
  return new ApiFailure({ kind: "invalid-response", call, response: "the answer has an unexpected format" });
}
