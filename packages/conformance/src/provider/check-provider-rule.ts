import { checkRule } from "../suite/register.ts";
import type { ProviderRule } from "./rule.ts";
import type { ProviderSubject } from "./subject.ts";
import { createProviderBed } from "./testbed.ts";

/** Checks one rule of `allProviderRules` outside a test runner. Rejects with an error that explains it if it is broken. */
export function checkProviderRule(
  rule: ProviderRule,
  start: () => ProviderSubject | Promise<ProviderSubject>,
): Promise<void> {
  return checkRule(rule, async () => createProviderBed(await start()));
}
