import { definePlugin, type Plugin } from "@unitrain/core/spec";
import { type AcmeNameOptions, readOptions } from "./options.ts";

/**
 * Creates the plugin Acme Name.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown or invalid option.
 */
export function acmeName(options: AcmeNameOptions = {}): Plugin {
  const { minCpus } = readOptions(options);
  return definePlugin({
    name: "acme-name",
    // How another process creates this plugin, to continue a run.
    recipe: { module: "unitrain-plugin-acme-name", exportName: "acmeName", options, secrets: [] },
    // 2. Keep the hooks that you need and delete the others. Each gets frozen values: only what it returns has an effect.
    hooks: {
      // In `plan`: which files are uploaded. It returns a manifest, whose `entries` yield lists of files, again on each call.
      ship: (manifest) => ({
        async *entries() {
          for await (const files of manifest.entries())
            yield files.filter(({ path }) => !path.endsWith(".tmp"));
        },
      }),
      // After connecting: whether the machine is ready. Core asks again until its deadline, or until `final`.
      readyCheck: ({ facts }) =>
        facts.cpus >= minCpus
          ? { ready: true }
          : {
              ready: false,
              step: "cpus",
              reason: `it has ${facts.cpus} of ${minCpus} processors`,
              final: true,
            },
      // Before the training starts: the job. It is on disk, so no variable here may be secret.
      run: (job) => ({ ...job, env: { ...job.env, ACME_NAME: "1" } }),
      // For every text that leaves unitrain, synchronously.
      sanitize: (text) => text.replace(/\bE-\d{6}\b/g, "[employee]"),
      // The other two: `provision` returns another provider or a kept machine in `plan`, and `locateArtifact` finds the models that a
      // training has left. Both return undefined where they have nothing to say.
    },
  });
}
