import type { ExistingResource, ProviderFaults } from "../../src/index.ts";

export type ToyKind = "machine" | "volume" | "key";

/** A resource of the toy cloud. */
export interface ToyItem {
  readonly id: string;
  readonly kind: ToyKind;
  readonly name: string;
  readonly readyAt: number;
  goneAt: number | undefined;
}

/** A request to the toy cloud. Lists have pages of three items. */
export interface ToyRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly kind: ToyKind | "offer";
  readonly id?: string;
  readonly name?: string;
  readonly page?: number;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** The answer of the toy cloud: a status as in HTTP, and a body. */
export interface ToyAnswer {
  readonly status: number;
  readonly error?: string;
  readonly item?: ToyItem & { readonly status: string };
  readonly items?: readonly (ToyItem & { readonly status: string })[];
  readonly nextPage?: number;
  readonly usdPerHour?: number;
}

export interface ToyCloud {
  readonly key: string;
  readonly now: () => number;
  /** Answers a request, or throws if the answer is lost. */
  request(request: ToyRequest): Promise<ToyAnswer>;
  readonly faults: Required<ProviderFaults>;
  clearFaults(): void;
  listExisting(): readonly ExistingResource[];
}

const pageSize = 3;
const bootMs = 4_000;
const deleteMs = { machine: 3_000, key: 500, volume: 15_000 };
const hostileText = "\u001b]0;owned\u0007 is busy";

/** Creates a cloud in memory with three kinds of named resources: machines and volumes cost money, keys are free. */
export function createToyCloud(clock: { readonly now: () => number }): ToyCloud {
  const key = "toy_0123456789abcdef";
  const items: ToyItem[] = [];
  let lost: ToyKind | undefined;
  let doubled: ToyKind | undefined;
  let refusals = 0;
  let once: "missing" | "ignored" | undefined;
  let lasting: keyof ProviderFaults | undefined;
  const add = (kind: ToyKind, name: string): ToyItem => {
    const item: ToyItem = {
      id: `${kind}-${items.length + 1}`,
      kind,
      name,
      readyAt: clock.now() + bootMs,
      goneAt: undefined,
    };
    items.push(item);
    return item;
  };
  const exists = ({ goneAt }: ToyItem) => goneAt === undefined || goneAt > clock.now();
  const show = (item: ToyItem) => ({ ...item, status: getStatus(item) });
  const getStatus = ({ kind, readyAt }: ToyItem) => {
    if (kind === "machine" && lasting === "unknown-status") return "PONDERING";
    return clock.now() < readyAt ? "booting" : "on";
  };
  add("machine", "unitrain-notes");
  add("key", "unitrain-c0nf0r");

  const answer = ({ method, kind, id, name = "", page = 0 }: ToyRequest): ToyAnswer => {
    const isRaised = lasting === "price-raised";
    if (kind === "offer") return { status: 200, usdPerHour: isRaised ? 4 : 2 };
    if (method === "POST") {
      if (kind === "machine" && lasting === "out-of-stock")
        return { status: 409, error: "no machine is left" };
      const item = add(kind, name);
      if (doubled === kind) add(kind, name);
      if (doubled === kind) doubled = undefined;
      if (lost === kind) {
        lost = undefined;
        throw new Error("the connection was cut");
      }
      return { status: 201, item: show(item) };
    }
    const isMissing = method === "GET" && kind === "machine" && once === "missing";
    if (isMissing) once = undefined;
    const alive = isMissing ? [] : items.filter((item) => item.kind === kind && exists(item));
    if (id === undefined) {
      const from = page * pageSize;
      const isLast = from + pageSize >= alive.length;
      return {
        status: 200,
        items: alive.slice(from, from + pageSize).map(show),
        ...(isLast ? {} : { nextPage: page + 1 }),
      };
    }
    const found = alive.find((item) => item.id === id);
    if (found === undefined) return { status: 404, error: `there is no ${kind} ${id}` };
    if (method === "GET") return { status: 200, item: show(found) };
    if (kind === "machine" && once === "ignored") once = undefined;
    else found.goneAt ??= clock.now() + deleteMs[kind];
    return { status: 202 };
  };

  return {
    key,
    now: clock.now,
    async request(request) {
      request.signal.throwIfAborted();
      if (lasting === "silence") {
        await new Promise((_, reject) => {
          request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true });
        });
      }
      if (lasting === "outage") return { status: 500, error: "try again later" };
      if (lasting === "unauthorized" || request.key !== key) return { status: 401, error: "unknown key" };
      if (lasting === "echoed-secret")
        return { status: 403, error: `the key ${request.key} may not do this` };
      if (lasting === "hostile-text") return { status: 400, error: hostileText };
      if (refusals > 0) {
        refusals -= 1;
        return { status: 429, error: "too many requests" };
      }
      return answer(request);
    },
    faults: {
      "lost-answer": (kind) => {
        lost = kind as ToyKind;
      },
      "created-twice": (kind) => {
        doubled = kind as ToyKind;
      },
      "ignored-delete": () => {
        once = "ignored";
      },
      "missing-once": () => {
        once = "missing";
      },
      "machine-lost": () => {
        for (const item of items) {
          if (item.kind === "machine" && item.name !== "unitrain-notes") item.goneAt ??= clock.now();
        }
      },
      "rate-limit": () => {
        refusals = 2;
      },
      "many-others": () => {
        for (let count = 0; count < pageSize * 2; count += 1) {
          for (const kind of ["machine", "volume", "key"] as const) add(kind, `other-${count}`);
        }
      },
      ...lastingFaults((fault) => {
        lasting = fault;
      }),
    },
    clearFaults() {
      lasting = undefined;
      refusals = 0;
    },
    listExisting: () =>
      items.filter(exists).map(({ kind, id, name }) => ({ kind, id, name, isFree: kind === "key" })),
  };
}

const lastingNames = [
  "unknown-status",
  "out-of-stock",
  "price-raised",
  "outage",
  "silence",
  "unauthorized",
  "hostile-text",
  "echoed-secret",
] as const;

function lastingFaults(set: (fault: keyof ProviderFaults) => void) {
  const entries = lastingNames.map((name) => [name, () => set(name)] as const);
  return Object.fromEntries(entries) as Record<(typeof lastingNames)[number], () => void>;
}
