import { definePlugin, type Manifest } from "@unitrain/core/spec";

/** The rules of a team: what is uploaded, which machines are used, and what nobody else may read. */
export function teamRules({ team, minFreeGb = 20 }: { readonly team: string; readonly minFreeGb?: number }) {
  return definePlugin({
    name: "team-rules",
    // Another process creates the plugin again from this, for example after you closed the terminal.
    recipe: { module: import.meta.url, exportName: "teamRules", options: { team, minFreeGb }, secrets: [] },
    hooks: {
      ship: (manifest) => ({ entries: () => leaveDraftsOut(manifest) }),
      readyCheck({ facts }) {
        const freeGb = Math.max(...facts.mounts.map(({ freeBytes }) => freeBytes)) / 1e9;
        if (freeGb >= minFreeGb) return { ready: true };
        const reason = `${facts.hostname} has ${freeGb.toFixed()} GB free, and ${team} needs ${minFreeGb} GB`;
        return { ready: false, step: "disk", reason, final: true }; // final: waiting would not help
      },
      run: (job) => ({ ...job, env: { ...job.env, TEAM: team } }),
      sanitize: (text) => text.replace(/\bcustomer-\d+\b/g, "[customer]"),
    },
  });
}

async function* leaveDraftsOut(manifest: Manifest) {
  for await (const batch of manifest.entries()) yield batch.filter(({ path }) => !path.startsWith("drafts/"));
}
