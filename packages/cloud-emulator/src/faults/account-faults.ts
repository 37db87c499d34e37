import type { BaseInstance } from "../emulator/records.ts";
import type { AnyCloud, CloudFault, FaultDialect } from "./dialect.ts";
import type { createWireFaults } from "./wire-faults.ts";

/** Faults of SSH keys and prices. */
export function createAccountFaults<
  Cloud extends AnyCloud,
  Call extends string,
  Instance extends BaseInstance,
>(dialect: FaultDialect<Cloud, Call, Instance>, wire: ReturnType<typeof createWireFaults>) {
  const { keyCreate, keyDelete, prices } = dialect.calls;
  const changePrices = (description: string, change: (price: number) => number | undefined) =>
    ({
      description,
      calls: prices,
      done: true,
      reply: ({ truthfulReply }) =>
        dialect.data(dialect.changePrices(dialect.getPayload(truthfulReply), change)),
    }) satisfies CloudFault<Cloud, Call>;
  return {
    "key-answer-lost": {
      ...wire["answer-lost"],
      description: "the key is registered, then the connection is cut",
      calls: keyCreate,
    },
    "key-delete-fails": {
      ...wire["server-error"],
      description: "500 to a removal of a key that took no effect",
      calls: keyDelete,
    },
    "price-changed": changePrices("prices have doubled since the last look", (price) => price * 2),
    "price-unknown": changePrices("what is offered comes without a price", () => undefined),
  } satisfies Record<string, CloudFault<Cloud, Call>>;
}
