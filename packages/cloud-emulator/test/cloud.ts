import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type Emulator, startEmulator } from "../src/canopywave/emulator.ts";
import type { EmulatorOptions } from "../src/canopywave/options.ts";
import type { EmulatorClock } from "../src/clock.ts";

/** A clock that only advances when a test advances it. */
export interface TestClock extends EmulatorClock {
  pass(ms: number): void;
}

export function createTestClock(): TestClock {
  let now = Date.parse("2026-11-24T12:00:00Z");
  return {
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
    pass: (ms) => {
      now += ms;
    },
  };
}

/** The result of a call. */
export interface Answer {
  /** 0 when there was no response. */
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The data of a successful response. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read any member of a response
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: some clouds answer a text, others an object
  readonly error: any;
}

/** An emulated cloud and a client for one test. */
export interface Cloud {
  readonly emulator: Emulator;
  readonly clock: TestClock;
  call(method: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Launches a CPU instance and returns the response. */
  launch(more?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Returns the names of our own resources. */
  listOwnNames(): readonly string[];
}

export const place = { project: "andrew@example.com", region: "sequoia" };

export async function startCloud(options: Partial<EmulatorOptions> = {}): Promise<Cloud> {
  const folder = options.folder ?? (await createTemporaryFolder());
  const clock = createTestClock();
  const emulator = await startEmulator({ others: "none", clock, ...options, folder });
  onTestFinished(() => emulator.close());
  const call: Cloud["call"] = (method, target, body) => request(emulator, method, target, body);
  return {
    emulator,
    clock,
    call,
    launch: (more) => call("POST", "/instance-operations/launch", { ...wanted, ...more }),
    listOwnNames: () =>
      emulator
        .instances()
        .filter(({ isForeign }) => !isForeign)
        .map(({ name }) => name),
  };
}

const wanted = { name: "unitrain-a-b-1", flavor: "m1.small", image: "CPU-Ubuntu.22.04", password: "x" };

/** Makes one call; adds project and region where they are missing. */
export function request(
  endpoint: Pick<Emulator, "url" | "apiKey">,
  method: string,
  target: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const address = new URL(endpoint.url + target);
  for (const [name, value] of Object.entries(place)) {
    if (!address.searchParams.has(name) && method !== "POST") address.searchParams.set(name, value);
  }
  return send(endpoint.apiKey, method, address, { ...place, ...body });
}

/** Makes one call. Stops reading an endless body after 100 kB. */
export async function send(
  apiKey: string,
  method: string,
  address: URL,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  try {
    const response = await fetch(address, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(5_000),
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
    });
    const text = await readBeginning(response, 1_000_000);
    const parsed = parse(text);
    return {
      status: response.status,
      text,
      headers: response.headers,
      data: parsed?.data,
      error: parsed?.error,
    };
  } catch (error) {
    return { status: 0, text: String(error), headers: new Headers(), data: undefined, error: String(error) };
  }
}

export async function createTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "unitrain-emulator-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function readBeginning(response: Response, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(Buffer.from(chunk));
    size += chunk.byteLength;
    if (size > mostBytes) break;
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): { readonly data?: unknown; readonly error?: unknown } | undefined {
  try {
    return JSON.parse(text) as { data?: unknown; error?: unknown };
  } catch {
    return undefined;
  }
}
