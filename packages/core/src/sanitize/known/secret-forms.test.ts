import fc from "fast-check";
import { expect, test } from "vitest";
import { listFormsAfterLineBreak, listSecretForms } from "./secret-forms.ts";

test("a secret has at most 64 forms, together at most 100 times as long as the secret and 200 bytes", () => {
  const value = fc.oneof(
    fc.string({ minLength: 6, maxLength: 60 }),
    fc.string({ unit: "grapheme", minLength: 6, maxLength: 60 }),
    fc.array(fc.string({ minLength: 8, maxLength: 40 }), { maxLength: 4 }).map((lines) => lines.join("\n")),
  );
  fc.assert(
    fc.property(value, (secret) => {
      const forms = [...listSecretForms(secret), ...listFormsAfterLineBreak(secret)];
      expect(forms.length).toBeLessThanOrEqual(64);
      const formBytes = forms.reduce((sum, { length }) => sum + length, 0);
      expect(formBytes).toBeLessThanOrEqual(100 * Buffer.byteLength(secret) + 200);
    }),
    { numRuns: 300 },
  );
});
