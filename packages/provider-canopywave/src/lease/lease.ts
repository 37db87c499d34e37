import { stopRequested } from "@unitrain/core/http";
import { type LeaseContext, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Server } from "../api/answers.ts";
import type { Calls } from "../api/calls.ts";
import { explainFailures } from "../api/explain.ts";
import { readChoice } from "../choose/choice.ts";
import { getResourceName } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import { addKey } from "./add-key.ts";
import { assignAddress } from "./assign-address.ts";
import { refuseHigherPrice } from "./check-price.ts";
import { launch } from "./launch.ts";
import type { LeaseOperation } from "./operation.ts";
import { waitUntilActive } from "./wait-until-active.ts";

/** Rents key, instance and address, each recorded before and after its request. Resolves when the machine has a public address. */
export async function lease(
  calls: Calls,
  options: ParsedOptions,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  try {
    await explainFailures("renting", () => rent(calls, options, quote, context));
  } catch (error) {
    if (error !== stopRequested) throw error;
  }
}

async function rent(
  calls: Calls,
  options: ParsedOptions,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  const choice = readChoice(quote);
  const { reuseIp = false, pollMs = 1_000 } = options.settings;
  await refuseHigherPrice(calls, choice, quote, context);
  for (const [index, region] of choice.regions.entries()) {
    const operation: LeaseOperation = {
      calls,
      context,
      choice,
      name: getResourceName(context.leaseId),
      place: { project: choice.project, region },
      regions: choice.regions.slice(0, index + 1),
      reuseIp,
      pollMs,
      now: options.now,
    };
    await explainFailures("registering the key", () => addKey(operation));
    context.showStatus(`launching ${choice.flavor} in ${region}`);
    const launched = await launch(operation);
    if (launched === "sold-out") {
      context.showStatus(`${choice.flavor} is sold out in ${region}`);
      continue;
    }
    const server = await waitUntilActive(operation, launched);
    await explainFailures("giving it a public address", () => assignAddress(operation, launched.id, server));
    warnAboutClosedGroups(server, context);
    return;
  }
  throw soldOutError(choice.flavor, choice.regions);
}

/** Warns about OpenStack's default security group, which blocks SSH. */
function warnAboutClosedGroups(server: Server, context: LeaseContext): void {
  const groups = (server.security_groups ?? []).flatMap(({ name }) => name ?? []);
  if (groups.length === 0 || groups.some((group) => group !== "default")) return;
  context.showStatus(
    "the instance is only in the security group default: if SSH does not answer, allow port 22 in that group",
  );
}

function soldOutError(flavor: string, regions: readonly string[]): UnitrainError {
  return new UnitrainError("OUT_OF_STOCK", `CanopyWave has no ${flavor} left in ${regions.join(", ")}.`, {
    hint: "Try again later, or choose another region or GPU. Nothing was launched.",
    action: { type: "list-offers" },
    retryable: true,
  });
}
