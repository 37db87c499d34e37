import type { ApiRequestContext } from "@unitrain/core/http";
import { isTransient } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { chooseProject } from "../choose/place.ts";
import type { ParsedOptions } from "../options.ts";

/** What the API key can see. Each answer is cached for all resources of one `release`. */
export interface Account {
  /** Confirms that the key sees the project. Throws ApiFailure when CanopyWave cannot be read, or UnitrainError. */
  confirmProject(project: string): Promise<void>;
  /** Returns the project, for a resource whose project is not in the ledger. */
  onlyProject(): Promise<string>;
  /** Returns all regions, for a resource whose region is not in the ledger. */
  regions(project: string): Promise<readonly string[]>;
}

const betweenAttemptsMs = 2_000;

/** Creates the account. `giveUpAt` ends the retries of project and regions, without which nothing can be released. */
export function createAccount(
  calls: Calls,
  { settings, now }: ParsedOptions,
  requestContext: ApiRequestContext,
  giveUpAt: number,
): Account {
  const retryTransient = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (failure) {
        if (!isTransient(failure) || now() >= giveUpAt) throw failure;
        await requestContext.wait(betweenAttemptsMs);
      }
    }
  };
  const answers = new Map<string, Promise<unknown>>();
  const cacheAnswer = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const cached = answers.get(key) as Promise<T> | undefined;
    if (cached !== undefined) return cached;
    const answer = ask();
    answers.set(key, answer);
    // Failures are not cached.
    answer.catch(() => answers.delete(key));
    return answer;
  };
  return {
    confirmProject: (project) =>
      cacheAnswer(`sees ${project}`, async () => {
        if ((await calls.projects(requestContext)).includes(project)) return;
        // One wrong list may be a glitch.
        await requestContext.wait(betweenAttemptsMs);
        if (!(await calls.projects(requestContext)).includes(project)) throw otherAccountError(project);
      }),
    onlyProject: () =>
      cacheAnswer("project", () =>
        retryTransient(() => chooseProject(calls, settings.project, requestContext)),
      ),
    regions: (project) =>
      cacheAnswer(`regions ${project}`, async () =>
        settings.region === undefined
          ? retryTransient(() => calls.regions(project, requestContext))
          : [settings.region],
      ),
  };
}

function otherAccountError(project: string): UnitrainError {
  return new UnitrainError("PROVIDER_ACCESS", `The CanopyWave API key does not see the project ${project}.`, {
    hint: "Use the key that the machine was rented with (option apiKey, variable CANOPYWAVE_API_KEY).",
  });
}
