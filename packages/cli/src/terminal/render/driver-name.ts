/** Who drives a run, in the middle of a sentence. A process whose number cannot be read has the number 0, or none. */
export function describeDriverProcess(pid: number | undefined, isGuardian: boolean): string {
  const isKnown = pid !== undefined && pid > 0;
  if (isGuardian) return isKnown ? `the guardian (process ${pid})` : "the guardian";
  return isKnown ? `process ${pid}` : "another process";
}
