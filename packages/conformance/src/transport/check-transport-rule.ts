import { checkRule } from "../suite/register.ts";
import type { TransportRule } from "./rule.ts";
import type { TransportSubject } from "./subject.ts";
import { createTransportBed } from "./testbed.ts";

/** Checks one rule of `allTransportRules` outside a test runner. Rejects with an error that explains it if it is broken. */
export function checkTransportRule(
  rule: TransportRule,
  start: () => TransportSubject | Promise<TransportSubject>,
): Promise<void> {
  return checkRule(rule, async () => createTransportBed(await start()));
}
