/** Returns the process that drives a run, for the middle of a sentence. `pid` is 0 or undefined if it cannot be read. */
export function describeDriverProcess(pid: number | undefined, isGuardian: boolean): string {
  const isKnown = pid !== undefined && pid > 0;
  if (isGuardian) return isKnown ? `the guardian (process ${pid})` : "the guardian";
  return isKnown ? `process ${pid}` : "another process";
}
