import { expect, test } from "vitest";
import { parseEvent } from "../follow/event-reader.ts";
import { parseEntry } from "./parse-entry.ts";

const head = { v: 1, seq: 0, at: "2026-11-24T00:15:30.000Z" };
const quote = { machine: "H100-1" };
const written = { kind: "instance", name: "unitrain-a-1", giveBack: "end" };
const current = { kind: "instance", name: "unitrain-a-1", onRelease: "delete" };
const origin = { module: "@unitrain/provider-local", make: "local", options: {}, secrets: [] };
const recipe = { module: "@unitrain/provider-local", exportName: "local", options: {}, secrets: [] };
const plan = { runId: "r", name: "swift-otter", createdAt: head.at, job: "detect", out: "/o", quote };

function read(entry: object) {
  const parsed = parseEntry(JSON.stringify({ ...head, ...entry }));
  return parsed !== undefined && "entry" in parsed ? parsed.entry : undefined;
}

test.each([
  [
    "intent",
    {
      leaseId: "a-1",
      resources: [written, { ...written, giveBack: "leave" }],
      plan: {
        ...plan,
        provider: { name: "local", origin },
        transport: { name: "local" },
        framework: { name: "yolo" },
        plugins: [{ name: "pool", origin }],
      },
    },
    {
      resources: [current, { ...current, onRelease: "keep" }],
      plan: { provider: { name: "local", recipe }, plugins: [{ name: "pool", recipe }] },
    },
  ],
  ["resource", { resource: written }, { resource: current }],
  ["released", { proofs: [{ resource: written, goneAt: head.at }] }, { proofs: [{ resource: current }] }],
  ["release-unconfirmed", { resources: [written], reason: "no answer" }, { resources: [current] }],
  [
    "connected",
    { machine: { reach: "ssh", host: "h" }, facts: {} },
    { machine: { connectionKind: "ssh", host: "h" } },
  ],
  [
    "brought",
    { artifacts: [{ path: "a", role: "record" }], left: { files: 1 } },
    { artifacts: [{ path: "a", role: "extra" }], notDownloaded: { files: 1 } },
  ],
] as const)("reads an entry %s that was written before a field was renamed", (type, entry, expected) => {
  const parsed = read({ type, ...entry });
  expect(parsed).toMatchObject({ type, ...expected });
  expect(JSON.stringify(parsed)).not.toMatch(/giveBack|"origin"|"make"|"reach"|"left"|"record"/);
});

test.each([
  ["job", { state: "stopping", why: "limit" }, { state: "stopping", reason: "limit" }],
  ["artifact", { path: "a", role: "record" }, { role: "extra" }],
  ["planned", { plan: { provider: { name: "local", origin } } }, { plan: { provider: { recipe } } }],
  [
    "finished",
    {
      receipt: {
        artifacts: [{ path: "a", role: "record" }],
        lease: { proofs: [{ resource: written }], unconfirmed: [written] },
      },
    },
    {
      receipt: {
        artifacts: [{ role: "extra" }],
        lease: { proofs: [{ resource: current }], unconfirmed: [current] },
      },
    },
  ],
] as const)(
  "an event %s that was written before a field was renamed is still read",
  (type, event, expected) => {
    const parsed = parseEvent(JSON.stringify({ seq: 0, at: head.at, runId: "r", type, ...event }));
    expect(parsed).toMatchObject({ type, ...expected });
    expect(JSON.stringify(parsed)).not.toMatch(/giveBack|"origin"|"make"|"why"|"record"/);
  },
);
