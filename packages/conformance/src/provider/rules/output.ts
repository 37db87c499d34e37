import { attempt, demand } from "../../suite/demand.ts";
import { findControlCharacters, findSecret } from "../../suite/texts.ts";
import { providerRules, rent } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Rules about what a provider shows: secrets stay inside, and a hostile text does nothing to a terminal. */
export const outputRules = providerRules([
  {
    id: "provider/secrets-are-registered",
    demand:
      "Each secret is passed to `context.secret` before it is used, so that it is masked in every event, log and error.",
    needs: ["secrets"],
    async check(start) {
      const bed = await start();
      await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, bed.lease().context());
      const missing = (bed.subject.secrets ?? []).filter((secret) => !bed.registeredSecrets.has(secret));
      demand(
        missing.length === 0,
        `${missing.length} secrets were used without context.secret(value). Call it when you read the secret.`,
      );
    },
  },
  {
    id: "provider/errors-hold-no-secret",
    demand:
      "No error, state or message contains a secret, also if the cloud repeats it, because errors are printed and reported.",
    needs: ["secrets", "echoed-secret"],
    async check(start) {
      const bed = await start();
      const outputs = await collectOutputs(bed, () => bed.play("echoed-secret"));
      const found = findSecret(outputs, bed.subject.secrets ?? []);
      demand(
        found === undefined,
        "A text of the provider contains the key. Mask it in the cloud's answers before you use them.",
      );
    },
  },
  {
    id: "provider/texts-are-clean",
    demand:
      "No text contains a control character of the cloud's answers, because it would control the user's terminal.",
    needs: ["hostile-text"],
    async check(start) {
      const bed = await start();
      const outputs = await collectOutputs(bed, () => bed.play("hostile-text"));
      const found = findControlCharacters(outputs);
      demand(
        found === undefined,
        `A text of the provider contains control characters: ${JSON.stringify(found)}. Remove them from the cloud's texts.`,
      );
    },
  },
  {
    id: "provider/self-release-names-its-secrets",
    demand:
      "The script of `selfRelease` contains no secret, because it is written to the machine's disk; secrets are passed by name.",
    needs: ["rental", "self-release", "secrets"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      const selfRelease = await bed.provider.selfRelease?.(lease.ledger(), lease.context());
      const found = findSecret(selfRelease?.script, bed.subject.secrets ?? []);
      demand(
        found === undefined,
        "The script of selfRelease() contains a secret. Read it from a variable that `secrets` names.",
      );
    },
  },
]);

/** Makes every call while a fault lasts, and returns all values, errors and messages. */
async function collectOutputs(bed: ProviderBed, fault: () => Promise<void>): Promise<readonly unknown[]> {
  const { provider, subject } = bed;
  const lease = await rent(bed);
  await lease.waitUntilRunning();
  await fault();
  const results = [
    await attempt("quote()", provider.quote(subject.request ?? { diskBytes: 1e9 }, lease.context())),
    await attempt("getMachineState()", lease.getState()),
    await attempt("offers()", provider.offers?.(lease.context()) ?? Promise.resolve([])),
    await attempt("list()", provider.list?.(lease.context()) ?? Promise.resolve([])),
    await attempt("release()", provider.release(lease.ledger(), lease.context()), bed.callLimitMs),
  ];
  return [...results, ...bed.shown];
}
