import type { Quote } from "@unitrain/core/spec";

/** Returns the name of an offer without its region and image: `H100-1` of `H100-1 in sequoia, GPU-Ubuntu.24.04`. */
export function formatOfferName({ machine, region }: Pick<Quote, "machine" | "region">): string {
  const name = machine.split(/[,(]/)[0]?.trim() ?? machine;
  return region === undefined ? name : name.replace(` in ${region}`, "");
}
