import { type Plan, UnitrainError } from "@unitrain/core/spec";
import type { Flags } from "./flags.ts";
import { clean } from "./render/clean.ts";
import { dollars } from "./render/figures.ts";
import { canAsk } from "./screen/screen.ts";
import type { Surroundings } from "./surroundings.ts";

/** Whether this may start: what costs nothing always, what is rented once a person has said yes or `--yes` was given. */
export async function agreed(plan: Plan, flags: Flags, surroundings: Surroundings): Promise<boolean> {
  if (plan.provider.ownership === "borrowed" || flags.yes === true) return true;
  if (flags.input === false || !canAsk(surroundings)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `${plan.quote.machine} costs money, and nobody can be asked here.`,
      {
        hint: "Add --yes to rent it without being asked.",
      },
    );
  }
  const { confirm } = await import("@clack/prompts");
  const limit = plan.budgetUsd === undefined ? "no limit" : `limit ${dollars(plan.budgetUsd)}`;
  const answer = await confirm({
    message: `${clean(plan.name)}: ${clean(plan.quote.machine)} ${dollars(plan.quote.priceUsdPerHour)}/h, ${limit}. Rent?`,
    initialValue: false,
    output: process.stderr,
  });
  return answer === true;
}
