import type { ExistingResource, ProviderFaults } from "@unitrain/conformance";

interface FakeItem {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly readyAt: number;
  goneAt: number;
}

const apiKey = "acme_name_0123456789abcdef";
const pageSize = 3;
const bootMs = 20_000;
const deleteMs = 6_000;
const GB = 1_000_000_000;

// 11. Your cloud in memory, as its API answers. Copy real answers, also the ugly ones: what the fake does not know is not tested.
export function createFakeCloud(clock: { readonly now: () => number }) {
  const items: FakeItem[] = [];
  let lost = "";
  let doubled = "";
  let once: "missing" | "ignored" | undefined;
  let refusals = 0;
  let fault: keyof ProviderFaults | undefined;
  const add = (kind: string, name: string): FakeItem => {
    const id = `${kind}-${items.length + 1}`;
    const item = { id, kind, name, readyAt: clock.now() + bootMs, goneAt: Number.POSITIVE_INFINITY };
    items.push(item);
    return item;
  };
  const exists = ({ goneAt }: FakeItem) => goneAt > clock.now();
  const show = (item: FakeItem) => ({ ...item, status: getStatus(item), ip: "203.0.113.7" });
  const getStatus = ({ readyAt }: FakeItem) => {
    if (fault === "unknown-status") return "PONDERING";
    return clock.now() < readyAt ? "booting" : "running";
  };
  // What belongs to others, with names that begin like ours.
  add("instance", "unitrain-notes");
  add("ssh-key", "unitrain-c0nf0r");

  const answer = (method: string, kind: string, id: string, body: string, page: number): Response => {
    if (kind === "offer") return Response.json({ offers: [{ ...offer, usdPerHour: getPrice() }] });
    if (method === "POST") {
      if (kind === "instance" && fault === "out-of-stock") return refuse(409, "this machine is sold out");
      const { name } = JSON.parse(body) as { readonly name: string };
      const item = add(kind, name);
      if (doubled === kind) add(kind, name);
      if (doubled === kind) doubled = "";
      if (lost !== kind) return Response.json({ item: show(item) });
      lost = "";
      throw new TypeError("fetch failed", { cause: new Error("the connection was cut") });
    }
    const isMissing = method === "GET" && kind === "instance" && once === "missing";
    if (isMissing) once = undefined;
    const alive = isMissing ? [] : items.filter((item) => item.kind === kind && exists(item));
    if (method === "GET") {
      const shown = alive.slice(page * pageSize, (page + 1) * pageSize).map(show);
      return Response.json({ items: shown, isLastPage: (page + 1) * pageSize >= alive.length });
    }
    const found = alive.find((item) => item.id === id);
    if (found === undefined) return refuse(404, `there is no ${kind} ${id}`);
    if (kind === "instance" && once === "ignored") once = undefined;
    else found.goneAt = Math.min(found.goneAt, clock.now() + deleteMs);
    return Response.json({});
  };
  const getPrice = () => (fault === "price-raised" ? 4 : 2);

  return {
    apiKey,
    async fetch(address: string | URL, init: RequestInit = {}): Promise<Response> {
      init.signal?.throwIfAborted();
      if (fault === "silence") {
        await new Promise((_, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
        });
      }
      const key = new Headers(init.headers).get("authorization")?.replace("Bearer ", "");
      if (fault === "outage") return refuse(503, "try again later");
      if (fault === "unauthorized" || key !== apiKey) return refuse(401, "unknown key");
      if (fault === "echoed-secret") return refuse(403, `the key ${key} may not do this`);
      if (fault === "hostile-text") return refuse(400, "\u001b]0;owned\u0007 is busy");
      if (refusals > 0) {
        refusals -= 1;
        return refuse(429, "too many requests");
      }
      const { pathname, searchParams } = new URL(address);
      const [, , list = "", id = ""] = pathname.split("/");
      const page = Number(searchParams.get("page") ?? 0);
      return answer(init.method ?? "GET", list.replace(/s$/, ""), id, String(init.body), page);
    },
    listExisting: (): ExistingResource[] =>
      items.filter(exists).map(({ kind, id, name }) => ({ kind, id, name, isFree: kind === "ssh-key" })),
    clearFaults() {
      fault = undefined;
      refusals = 0;
    },
    faults: {
      "lost-answer": (kind) => {
        lost = kind;
      },
      "created-twice": (kind) => {
        doubled = kind;
      },
      "ignored-delete": () => {
        once = "ignored";
      },
      "missing-once": () => {
        once = "missing";
      },
      "machine-lost": () => {
        for (const item of items) {
          if (item.kind === "instance" && item.name !== "unitrain-notes") item.goneAt = clock.now();
        }
      },
      "rate-limit": () => {
        refusals = 2;
      },
      "many-others": () => {
        for (let count = 0; count < pageSize * 2; count += 1) {
          for (const kind of ["instance", "ssh-key"]) add(kind, `other-${count}`);
        }
      },
      ...createLastingFaults((name) => {
        fault = name;
      }),
    } satisfies ProviderFaults,
  };
}

const offer = {
  id: "gpu-1",
  region: "north",
  isAvailable: true,
  gpu: "H100",
  gpus: 1,
  gpuMemoryBytes: 80 * GB,
  ramBytes: 200 * GB,
  diskBytes: 500 * GB,
};

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

const lasting = [
  "unknown-status",
  "out-of-stock",
  "price-raised",
  "outage",
  "silence",
  "unauthorized",
  "hostile-text",
  "echoed-secret",
] as const;

function createLastingFaults(set: (name: keyof ProviderFaults) => void) {
  const entries = lasting.map((name) => [name, () => set(name)] as const);
  return Object.fromEntries(entries) as Record<(typeof lasting)[number], () => void>;
}
