import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import {
  type AdapterRecipe,
  type DataSource,
  type Finding,
  type Plan,
  UnitrainError,
} from "../spec/index.ts";

type Masks = Pick<OutputSanitizer, "maskText" | "maskMessage" | "maskValue" | "holdsSecret">;

/** Findings are masked in parts of this size, because a dataset may have a million of them and nearly never one with a secret. */
const findingsAtOnce = 1_000;

/** Masks the texts of a plan that people read. A provider or a framework may have put a secret into them, and a plan is written to disk. */
export function maskPlanTexts<T extends Pick<Plan, "data" | "findings" | "job" | "quote" | "connection">>(
  plan: T,
  sanitizer: Masks,
): T {
  const { maskMessage } = sanitizer;
  return {
    ...plan,
    data: { ...plan.data, summary: maskMessage(plan.data.summary) },
    findings: maskFindings(plan.findings, sanitizer),
    job: maskMessage(plan.job),
    quote: { ...plan.quote, machine: maskMessage(plan.quote.machine) },
    ...(plan.connection === undefined ? {} : { connection: maskMessage(plan.connection) }),
  };
}

function maskFindings(findings: readonly Finding[], { maskText, maskValue }: Masks): readonly Finding[] {
  const masked: Finding[] = [];
  for (let at = 0; at < findings.length; at += findingsAtOnce) {
    const part = findings.slice(at, at + findingsAtOnce);
    const text = part.map(({ kind, file, message }) => `${kind}\n${file}\n${message}`).join("\n");
    masked.push(...(maskText(text) === text ? part : maskValue(part)));
  }
  return masked;
}

/**
 * Refuses what is used as it is and written to disk, so that masking it would break it: the address of the data and the options of
 * adapters.
 *
 * @throws UnitrainError `INVALID_OPTIONS`.
 */
export function refuseRecordedSecrets(
  source: DataSource,
  adapters: readonly { readonly name: string; readonly recipe?: AdapterRecipe }[],
  sanitizer: Masks,
): void {
  if (source.kind === "url" && holdsSecret(source.url, sanitizer))
    throw createSecretError(
      `The address of the data holds a secret: ${sanitizer.maskText(source.url)}`,
      "Download the data, and pass its folder.",
    );
  for (const { name, recipe } of adapters) {
    for (const [option, value] of Object.entries(recipe?.options ?? {}))
      if (holdsSecret(value, sanitizer))
        throw createSecretError(
          `The option ${option} of ${name} holds a secret`,
          "Leave it out. Secrets belong into environment variables, or into the machine's own login.",
        );
  }
}

/** Whether a value of JSON has a text in it that would be masked. */
function holdsSecret(value: unknown, sanitizer: Masks): boolean {
  if (typeof value === "string") return sanitizer.holdsSecret(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((entry) => holdsSecret(entry, sanitizer));
}

function createSecretError(problem: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${problem}, and a plan is written to disk.`, {
    hint,
    phase: "plan",
  });
}
