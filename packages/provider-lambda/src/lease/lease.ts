import { ApiFailure, launchOnce, pauseUntilStopped, stopRequested } from "@unitrain/core/http";
import { type LeaseContext, type Quote, UnitrainError } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import type { Calls } from "../api/calls.ts";
import { explainFailures, findMessageMeaning, toUnitrainError } from "../api/explain.ts";
import { type Choice, readChoice } from "../choose/choice.ts";
import { describeResource, getResourceName } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import { addKey } from "./add-key.ts";
import { refuseHigherPrice } from "./check-price.ts";

/** Lambda allows one launch per 12 seconds. */
const betweenLaunchesMs = 12_000;

/** Rents key and instance, each recorded before and after its request. Core then polls until the instance is active. */
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
  { settings, now }: ParsedOptions,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  const choice = readChoice(quote);
  const name = getResourceName(context.leaseId);
  await refuseHigherPrice(calls, choice, quote, context);
  await warnAboutClosedFirewall(calls, settings.sshPort ?? 22, context);
  await explainFailures("registering the key", () => addKey(calls, name, context));
  for (const [index, region] of choice.regions.entries()) {
    context.showStatus(`launching ${choice.instanceType} in ${region}`);
    if (index > 0) await pauseUntilStopped(context, betweenLaunchesMs);
    if (await launchIn(region, { calls, choice, context, name, now })) return;
    context.showStatus(`${choice.instanceType} is sold out in ${region}`);
  }
  throw new UnitrainError(
    "OUT_OF_STOCK",
    `Lambda has no ${choice.instanceType} left in ${choice.regions.join(", ")}.`,
    {
      hint: "Try again later, or choose another region or GPU. Nothing was launched.",
      action: { type: "list-offers" },
      retryable: true,
    },
  );
}

/** Launches the instance in a region. Returns whether there was capacity. */
async function launchIn(
  region: string,
  {
    calls,
    choice,
    context,
    name,
    now,
  }: {
    readonly calls: Calls;
    readonly choice: Choice;
    readonly context: LeaseContext;
    readonly name: string;
    readonly now: () => number;
  },
): Promise<boolean> {
  const { instanceType, image: imageFamily } = choice;
  const key = calls.getKeyFingerprint();
  try {
    await launchOnce({
      context,
      now,
      cloud: api.cloud,
      name,
      activity: `launching ${instanceType} in ${region}`,
      explainer: { findMessageMeaning, toUnitrainError },
      betweenAttemptsMs: betweenLaunchesMs,
      launch: () => calls.launch({ region, instanceType, name, keyName: name, imageFamily }, context),
      listIds: () => calls.listIds(name, context),
      terminate: (id) => calls.terminate(id, context),
      record: (details) => context.record(describeResource("instance", name, { ...details, region, key })),
    });
    return true;
  } catch (error) {
    if (UnitrainError.isInstance(error) && error.code === "OUT_OF_STOCK") return false;
    throw error;
  }
}

/** Warns about firewall rules of the account that let no SSH in. They are not ours to change. */
async function warnAboutClosedFirewall(calls: Calls, port: number, context: LeaseContext): Promise<void> {
  const isOpen = await calls.allowsSsh(port, context).catch((error: unknown) => {
    if (error instanceof ApiFailure) return true;
    throw error;
  });
  if (isOpen) return;
  context.showStatus(
    `no global firewall rule of your Lambda account lets TCP port ${port} in: if SSH does not answer, add one in the console`,
  );
}
