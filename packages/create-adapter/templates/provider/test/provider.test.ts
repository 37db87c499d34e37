import { describe, it } from "node:test";
import { providerSuite, virtualClock } from "@unitrain/conformance";
import { acmeName } from "../src/index.ts";
import { createFakeCloud } from "./fake-cloud.ts";

providerSuite({
  describe,
  it,
  name: "acme-name",
  // 12. What your provider or the fake cannot do. The rules that need it do not apply, and the declaration itself is tested.
  lacks: ["self-release"],
  start() {
    const clock = virtualClock();
    const fake = createFakeCloud(clock);
    const create = () => acmeName({}, { fetch: fake.fetch, now: clock.now, apiKey: fake.apiKey });
    return {
      provider: create(),
      recreate: create,
      clock,
      secrets: [fake.apiKey],
      listExisting: fake.listExisting,
      faults: fake.faults,
      clearFaults: fake.clearFaults,
    };
  },
});
