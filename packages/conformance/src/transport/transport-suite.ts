import { registerSuite } from "../suite/register.ts";
import type { TestRunner } from "../suite/rule.ts";
import type { TransportAbility, TransportSubject } from "./subject.ts";
import { createTransportBed } from "./testbed.ts";
import { allTransportRules } from "./transport-rules.ts";

/** Options of {@link transportSuite}. */
export interface TransportSuiteOptions extends TestRunner {
  /** The title of the suite. */
  readonly name: string;
  /** What the transport or its test setup cannot do. The rules that need it do not apply; a wrong declaration fails. */
  readonly lacks?: readonly TransportAbility[];
  /** Creates the transport with a machine that has an empty folder. Called at least once per rule. */
  readonly start: () => TransportSubject | Promise<TransportSubject>;
}

/** Registers a test for each rule that a transport must keep, as {@link providerSuite} does for a provider. */
export function transportSuite({ lacks = [], start, ...options }: TransportSuiteOptions): void {
  registerSuite({
    ...options,
    lacks,
    rules: allTransportRules,
    start: async () => createTransportBed(await start()),
  });
}
