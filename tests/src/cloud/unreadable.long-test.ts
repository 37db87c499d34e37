import type { FaultName } from "@unitrain/cloud-emulator/canopywave";
import { it } from "vitest";
import { type Moment, runUnreadable } from "./unreadable.ts";

const moments: readonly Moment[] = ["connect", "train", "release"];
const faults: readonly FaultName[] = [
  "server-error",
  "server-error-html",
  "html-with-200",
  "rate-limited",
  "answer-lost",
  "no-answer",
  "dripping-body",
  "endless-body",
];

/** Each request without a response takes a second of real time. */
const forMs = (fault: FaultName) => (fault === "no-answer" ? 20_000 : 120_000);

it.for(moments.flatMap((moment) => faults.map((fault) => [moment, fault] as const)))(
  "completes when requests from %s on fail with %s for a while",
  { timeout: 120_000 },
  ([moment, fault]) => runUnreadable(fault, moment, forMs(fault)),
);
