import { ApiFailure, findCandidates, hasStatus, mergeWanted } from "@unitrain/core/http";
import { type CallContext, type MachineRequest, type Quote, UnitrainError } from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { createQuote } from "./choose/choice.ts";
import { readFlavor } from "./choose/flavor.ts";
import { chooseImage } from "./choose/image.ts";
import { chooseProject, chooseRegions } from "./choose/place.ts";
import { listStock } from "./choose/stock.ts";
import type { Settings } from "./options.ts";

/** Returns the cheapest available machine that fits. Whatever is certain to fail later throws here. */
export function quote(
  calls: Calls,
  settings: Settings,
  request: MachineRequest,
  context: CallContext,
): Promise<Quote> {
  return explainFailures("looking for a machine", async () => {
    const wanted = mergeWanted(request, settings, settings.flavor);
    const project = await chooseProject(calls, settings.project, context);
    const [regions, types, images] = await Promise.all([
      chooseRegions(calls, project, request.region ?? settings.region, context),
      calls.instanceTypes(project, context),
      calls.images(project, context).catch(emptyWhenMissing),
      checkBalance(calls, settings, context),
    ]);
    const fitting = findCandidates({ cloud: api.cloud, type: "flavor" }, types.map(readFlavor), wanted);
    for (const flavor of fitting) {
      const image = chooseImage(flavor, images, settings.image);
      const stock = await listStock(calls, project, regions, flavor.id, context);
      const available = stock.filter(({ available }) => available !== "no");
      const [first] = available;
      if (first === undefined) continue;
      const choice = {
        project,
        regions: available.map(({ region }) => region),
        flavor: flavor.id,
        image,
      };
      return createQuote(flavor, choice, first.available);
    }
    throw soldOutError(
      fitting.map(({ id }) => id),
      regions,
    );
  });
}

/** Throws for a balance that is known and not above 0. */
async function checkBalance(calls: Calls, settings: Settings, context: CallContext): Promise<void> {
  if (settings.checkBalance === false) return;
  const answer = await calls.balance(context).catch((error: unknown) => {
    if (error instanceof ApiFailure && !hasStatus(error, 401)) return undefined;
    throw error;
  });
  const balance = typeof answer === "object" ? (answer.balance ?? answer.available ?? answer.amount) : answer;
  const usd = balance === undefined || balance === null || balance === "" ? Number.NaN : Number(balance);
  if (!(usd <= 0)) return;
  throw new UnitrainError("PAYMENT_REQUIRED", `The balance of the CanopyWave account is ${usd}.`, {
    hint: "Add balance in CanopyWave's console. If you pay by invoice, set option checkBalance to false.",
  });
}

function emptyWhenMissing(error: unknown): readonly string[] {
  if (error instanceof ApiFailure && !hasStatus(error, 401)) return [];
  throw error;
}

function soldOutError(flavors: readonly string[], regions: readonly string[]): UnitrainError {
  return new UnitrainError(
    "OUT_OF_STOCK",
    `CanopyWave has no ${flavors.join(" or ")} left in ${regions.join(", ")}.`,
    {
      hint: "Try again later, or choose another region, GPU or number of GPUs.",
      action: { type: "list-offers" },
      retryable: true,
    },
  );
}
