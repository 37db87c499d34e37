import { expect, it } from "vitest";
import { readStopRequest, stopRequestText } from "./stop-request.ts";

it.each([{}, { graceMs: 0 }, { graceMs: 30_000 }, { discard: true }])(
  "what one process asks of another arrives: %o",
  (options) => expect(readStopRequest(stopRequestText(options))).toEqual(options),
);

it("a request that cannot be read is one to stop", () => {
  expect(readStopRequest("\u0000")).toEqual({});
});
