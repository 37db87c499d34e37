import { type Plan, UnitrainError } from "@unitrain/core/spec";
import { formatLimit, formatOfferName, formatUsd } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import type { Flags } from "../settings/flags.ts";
import { askToConfirm } from "../terminal/ask.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Returns whether the plan may start. A machine that costs nothing always may. Renting needs the consent of a person, or `--yes` with a limit. */
export async function confirmRental(
  plan: Plan,
  flags: Flags,
  ended: AbortSignal,
  context: CliContext,
): Promise<boolean> {
  if (plan.provider.ownership === "borrowed") return true;
  if (flags.yes === true) return checkedLimit(plan);
  if (flags.input === false || flags.json === true || !canAsk(context)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `${describeMachine(plan)} costs money, and there is no terminal to ask for confirmation.`,
      {
        hint: plan.limit === undefined ? "Add --yes and --budget <usd> to rent it." : "Add --yes to rent it.",
      },
    );
  }
  return askToConfirm({ message: rentQuestion(plan), signal: ended }, false);
}

/** Returns the question, such as `swift-otter: canopywave H100-1 sequoia $2.25/h, likely $1.53, limit $8.00 in all = 3h33m. Rent?`. */
export function rentQuestion(plan: Plan): string {
  const { prediction } = plan;
  const amount = formatLimit(plan);
  const likely =
    prediction === undefined
      ? []
      : [`likely ${formatUsd(prediction.costUsd.likely)} (high ${formatUsd(prediction.costUsd.high)})`];
  const parts = [
    `${plan.name}: ${plan.provider.name} ${describeMachine(plan)} ${formatUsd(plan.quote.priceUsdPerHour)}/h`,
    ...likely,
    amount === undefined ? "NO LIMIT" : `limit ${amount}, kept by this computer and its guardian`,
  ];
  return `${parts.join(", ")}. Rent?`;
}

/** Throws if there is no limit, because a rental that nobody confirmed must end by itself. */
function checkedLimit(plan: Plan): true {
  if (plan.limit !== undefined) return true;
  throw new UnitrainError("INVALID_OPTIONS", `${describeMachine(plan)} would be rented without a limit.`, {
    hint: "Add --budget <usd> for the total, or --max-hours <hours>.",
  });
}

function describeMachine({ quote }: Plan): string {
  return [formatOfferName(quote), quote.region ?? ""].join(" ").trim();
}
