import type { Provider } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** What is asked of the machine (GPU, region, price) goes with the plan's request, not with the provider. */
export async function rentedFromCanopywave(): Promise<Provider> {
  const module: Readonly<Record<string, unknown>> = await import("@unitrain/provider-canopywave");
  const { canopywave } = module;
  if (typeof canopywave === "function") return canopywave({}) as Provider;
  throw new UnitrainError("NOT_AVAILABLE", "This version of unitrain cannot rent from CanopyWave yet.", {
    hint: "Use a machine of your own: --on ssh://user@host, or --on local.",
  });
}
