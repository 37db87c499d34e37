import { describe, it } from "vitest";
import { hanging, reads, releaseUnreadable, wordless } from "../../test/unreadable.ts";

// unreadable.long-test.ts tests the complete table.
const minuteMs = 60_000;

describe("releasing while CanopyWave cannot be read", () => {
  it.for(reads)("%s answers 500 for a minute", (call) => releaseUnreadable("server-error", [call], minuteMs));
  it.for([...wordless, ...hanging])("every read: %s for a minute", (fault) =>
    releaseUnreadable(fault, reads, minuteMs),
  );
  it("every read answers 500 for ever", () =>
    releaseUnreadable("server-error", reads, Number.POSITIVE_INFINITY));
});
