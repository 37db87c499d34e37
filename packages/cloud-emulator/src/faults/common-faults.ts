import type { BaseInstance } from "../emulator/records.ts";
import { createAccountFaults } from "./account-faults.ts";
import type { AnyCloud, CloudFault, FaultDialect } from "./dialect.ts";
import { createInstanceFaults } from "./instance-faults.ts";
import { createLaunchFaults } from "./launch-faults.ts";
import { createSshFaults } from "./ssh-faults.ts";
import { createTextFaults } from "./text-faults.ts";
import { createWireFaults } from "./wire-faults.ts";

/** The name of a fault that is declared once, for all clouds. */
export type CommonFaultName = keyof ReturnType<typeof createAllFaults>;

/**
 * Returns the faults of all clouds in the words of one. Those that make no sense for it are named in `senseless`, with the reason.
 */
export function createCommonFaults<
  Cloud extends AnyCloud,
  Call extends string,
  Instance extends BaseInstance,
  const Senseless extends CommonFaultName = never,
>(
  dialect: FaultDialect<Cloud, Call, Instance>,
  senseless: Readonly<Record<Senseless, string>>,
): Readonly<Record<Exclude<CommonFaultName, Senseless>, CloudFault<Cloud, Call>>> {
  const all: Readonly<Record<CommonFaultName, CloudFault<Cloud, Call>>> = createAllFaults(dialect);
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !Object.hasOwn(senseless, name)),
  ) as Readonly<Record<Exclude<CommonFaultName, Senseless>, CloudFault<Cloud, Call>>>;
}

function createAllFaults<Cloud extends AnyCloud, Call extends string, Instance extends BaseInstance>(
  dialect: FaultDialect<Cloud, Call, Instance>,
) {
  const wire = createWireFaults(dialect);
  return {
    ...wire,
    ...createTextFaults(dialect),
    ...createLaunchFaults(dialect, wire),
    ...createInstanceFaults(dialect, wire),
    ...createAccountFaults(dialect, wire),
    ...createSshFaults<Call, Cloud, Parameters<typeof dialect.findInstance>[0]["request"]>(
      dialect.calls.launch,
      (scene) => dialect.findInstance(scene),
    ),
  };
}
