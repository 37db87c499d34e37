/** One thing that was looked at. */
export interface CheckResult {
  /** `fail` keeps a training from working, `warn` may, `note` is only worth knowing. */
  readonly state: "ok" | "warn" | "fail" | "note";
  /** `state folder`, `GPU`. */
  readonly name: string;
  readonly found: string;
  /** What to do about it, as a sentence. */
  readonly hint?: string;
}

export const gigabyte = 1e9;
