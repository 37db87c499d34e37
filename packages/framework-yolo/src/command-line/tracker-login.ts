import type { NotesInput } from "@unitrain/core/spec";

/** What to say when a tracker is switched on that cannot log in on another machine. */
export function listMissingLogins({ isLocal, settings, env, secrets }: NotesInput): readonly string[] {
  const { track } = settings;
  if (isLocal || !Array.isArray(track) || !track.includes("wandb")) return [];
  if (secrets.includes("WANDB_API_KEY") || env.WANDB_MODE === "offline") return [];
  return [
    "wandb logs in with WANDB_API_KEY: add --secret WANDB_API_KEY, unless the machine is logged in already.",
  ];
}
