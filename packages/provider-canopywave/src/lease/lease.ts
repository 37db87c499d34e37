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
import { type LeaseOperation, stopRequested } from "./operation.ts";
import { waitUntilActive } from "./wait-until-active.ts";

/** Key, instance, address; each written down before and after it is asked for. Returns when the machine has a public address. */
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

/** OpenStack's default group lets nothing in; when SSH stays silent, this is why. */
function warnAboutClosedGroups(server: Server, context: LeaseContext): void {
  const groups = (server.security_groups ?? []).flatMap(({ name }) => name ?? []);
  if (groups.length === 0 || groups.some((group) => group !== "default")) return;
  context.showStatus(
    "the instance is in the security group default only: when SSH does not answer, let port 22 in there",
  );
}

function soldOutError(flavor: string, regions: readonly string[]): UnitrainError {
  return new UnitrainError("OUT_OF_STOCK", `CanopyWave has no ${flavor} left in ${regions.join(", ")}.`, {
    hint: "Nothing was launched. Try later, or another region or GPU.",
    action: { type: "list-offers" },
    retryable: true,
  });
}
