import { type Automaton, createAutomaton } from "./automaton.ts";
import { listFormsAfterLineBreak, listSecretForms } from "./secret-forms.ts";

/** Shorter values are not masked, because they would mask half of every log. */
export const shortestSecretCharacters = 6;

/** Only this many characters of a longer value are masked, so that the memory for each secret is bounded. */
const longestSecretCharacters = 16 * 1024;

const commonWords = new Set([
  "true",
  "false",
  "null",
  "undefined",
  "root",
  "ubuntu",
  "password",
  "secret",
  "localhost",
  "[redacted]",
]);

/** The known secrets, and the automaton that finds them in all their forms. */
export interface SecretList {
  /** Masks this value from the next byte on. Returns false if it is too short or too common to be masked. */
  add(value: string): boolean;
  /** Returns the automaton for all secrets. It is built on the first call after an addition. */
  automaton(): Automaton;
  readonly size: number;
}

/** The byte that represents the beginning of a line in the automaton. No form contains it. */
export const lineBreakByte = 0x0a;

export function createSecretList(): SecretList {
  const values = new Set<string>();
  let automaton: Automaton | undefined;
  return {
    add(value) {
      const kept = value.slice(0, longestSecretCharacters);
      if (kept.trim().length < shortestSecretCharacters || commonWords.has(kept.toLowerCase())) return false;
      if (values.has(kept)) return true;
      values.add(kept);
      automaton = undefined;
      return true;
    },
    automaton() {
      automaton ??= createAutomaton(
        [...values].flatMap((value) => [
          ...listSecretForms(value),
          ...listFormsAfterLineBreak(value).map((form) => Buffer.concat([Buffer.of(lineBreakByte), form])),
        ]),
        lineBreakByte,
      );
      return automaton;
    },
    get size() {
      return values.size;
    },
  };
}
