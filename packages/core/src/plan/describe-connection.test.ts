import { describe, expect, it } from "vitest";
import type { Assembly } from "../adapters/assembly.ts";
import { defineBorrowedProvider, defineTransport } from "../spec/index.ts";
import { systemClock } from "../time/clock.ts";
import { describeConnection } from "./describe-connection.ts";

const boundary = { clock: systemClock, secret: () => {}, showStatus: () => {} };
const assembly = { boundary, home: "/nonexistent" } as unknown as Assembly;
const provider = defineBorrowedProvider({
  name: "desk",
  machine: { connectionKind: "ssh", host: "desk" },
  offer: { machine: "desk" },
});

function described(answer: () => Promise<string | undefined>, signal?: AbortSignal) {
  const transport = defineTransport({
    name: "ssh",
    supports: ["ssh"],
    connect: async () => ({ ready: false, step: "tcp", reason: "not asked" }),
    describeConnection: answer,
  });
  return describeConnection(assembly, { provider, transport }, signal);
}

describe("the description of a connection", () => {
  it("comes from the transport, and is left out if the transport fails", async () => {
    expect(await described(async () => "by pigeon")).toBe("by pigeon");
    const broken = async () => {
      throw new Error("the configuration cannot be read");
    };
    expect(await described(broken)).toBeUndefined();
    await expect(described(broken, AbortSignal.abort(new Error("interrupted")))).rejects.toThrow(
      "interrupted",
    );
  });
});
