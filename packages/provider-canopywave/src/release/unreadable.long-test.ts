import { describe, it } from "vitest";
import { hanging, reads, releaseUnreadable, wordless } from "../../test/unreadable.ts";

const faults = [...wordless, ...hanging];

describe("releasing while CanopyWave cannot be read", () => {
  it.for(reads.flatMap((call) => faults.map((fault) => [call, fault] as const)))(
    "%s: %s, for a minute and for ever",
    { timeout: 60_000 },
    async ([call, fault]) => {
      await releaseUnreadable(fault, [call], 60_000);
      await releaseUnreadable(fault, [call], Number.POSITIVE_INFINITY);
    },
  );
  it.for(faults)("every read: %s for ever", { timeout: 60_000 }, (fault) =>
    releaseUnreadable(fault, reads, Number.POSITIVE_INFINITY),
  );
});
