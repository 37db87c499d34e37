/** The result of a check. */
export interface CheckResult {
  /** `fail` prevents a training, `warn` may prevent it, and `note` is only information. */
  readonly state: "ok" | "warn" | "fail" | "note";
  /** What was checked, such as `state folder` or `GPU`. */
  readonly name: string;
  readonly found: string;
  /** A sentence that says what to do about it. */
  readonly hint?: string;
}

export const gigabyte = 1e9;
