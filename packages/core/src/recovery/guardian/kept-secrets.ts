import type { OutputSanitizer } from "../../sanitize/output-sanitizer.ts";
import { listSecretNames, pickFromEnvironment } from "../../secrets/find-secrets.ts";
import { createRunSecrets, type RunSecrets } from "../../secrets/run-secrets.ts";
import { createValuesServer } from "../../secrets/serve-values.ts";
import type { FoundRun } from "../../state/run-list.ts";

/** The values of secrets that other processes passed to the guardian, for the runs that it drives. */
export interface KeptSecrets {
  /** Listens while a run is not over: also a framework or a plugin may add secrets to a job. Values of runs that are over are forgotten. */
  update(listRuns: () => Promise<readonly FoundRun[]>): Promise<readonly FoundRun[]>;
  /** Adds the values for this run, and those that arrive until `leave` is called, to its secrets. */
  serve(runId: string, secrets: RunSecrets): void;
  leave(runId: string): void;
  close(): Promise<void>;
}

/** Keeps the values. The guardian's own `sanitizer` masks all of them, those of the environment, and those of the runs that it drives. */
export function keepSecrets(home: string, sanitizer: Pick<OutputSanitizer, "register">): KeptSecrets {
  const all = createRunSecrets(sanitizer, []);
  const driven = new Map<string, RunSecrets>();
  const server = createValuesServer({
    home,
    onValues(runId, values) {
      all.add(values);
      driven.get(runId)?.add(values);
    },
  });
  return {
    async update(listRuns) {
      // Values that arrive during the listing may belong to a run that is newer than the list.
      const keptBefore = server.runIds;
      const runs = await listRuns();
      const unfinished = runs.filter(({ reading }) => reading.state.outcome === undefined);
      const ids = new Set(unfinished.map(({ id }) => id));
      for (const runId of keptBefore) if (!ids.has(runId)) server.forget(runId);
      all.add(pickFromEnvironment(unfinished.flatMap(listSecretNames)));
      if (unfinished.length > 0) await server.listen();
      return runs;
    },
    serve(runId, secrets) {
      driven.set(runId, secrets);
      for (const source of server.find(runId)) secrets.add(source);
      for (const source of [...secrets.sources]) {
        all.add(source);
        // Whoever attaches is not asked for a value that the guardian has from its environment.
        server.keep(runId, source);
      }
    },
    leave: (runId) => void driven.delete(runId),
    close: server.close,
  };
}
