import type { Settings } from "./settings.ts";

/** What to say when a tracker is switched on that cannot log in on another machine; undefined when it can, or need not. */
export function trackerLoginMissing({ on, framework, env, secrets }: Settings): string | undefined {
  const { track } = framework.options;
  if (on === "local" || !Array.isArray(track) || !track.includes("wandb")) return undefined;
  if (secrets.includes("WANDB_API_KEY") || env.WANDB_MODE === "offline") return undefined;
  return "! wandb logs in with WANDB_API_KEY: add --secret WANDB_API_KEY, unless the machine is logged in already.";
}
