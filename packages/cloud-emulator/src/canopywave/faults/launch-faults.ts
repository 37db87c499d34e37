import { createFailure } from "../http/answers.ts";
import type { FaultKind } from "./kind.ts";

/** Refusals of a launch, in the words of this cloud. */
export const launchFaults = {
  "launch-no-payment-method": createRefusalFault(400, "User has no default payment method"),
  "launch-billing": createRefusalFault(500, "Billing check failed: 24 hours upfront could not be charged"),
  "launch-no-network": createRefusalFault(500, "Project network not found"),
  "launch-insufficient": createRefusalFault(500, "Insufficient resources: no valid host was found"),
  "launch-quota": createRefusalFault(
    403,
    "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances",
  ),
  "launch-flavor-unavailable": createRefusalFault(400, "Flavor is not available in this region"),
} satisfies Record<string, FaultKind>;

function createRefusalFault(status: number, message: string): FaultKind {
  return {
    description: `${status} "${message}", and nothing was created`,
    calls: ["launch"],
    done: false,
    reply: () => createFailure(status, message),
  };
}
