/** One paid or countable thing at a provider. Written to the ledger before it is asked for, kept there until it is confirmed gone. */
export interface Resource {
  /** In the provider's own words: `instance`, `address`, `ssh-key`. */
  readonly kind: string;
  /** Derived from the lease id; what the provider cannot name (an address) is told by `reference`. */
  readonly name: string;
  /** The provider's id, as soon as it is known. */
  readonly id?: string;
  readonly region?: string;
  /** `keep` for what was there before and is only used. */
  readonly onRelease: "delete" | "keep";
  /** It costs nothing by itself: a key. */
  readonly free?: boolean;
  /** ISO 8601, set by core when it is written: a young thing that is not listed yet is not gone. */
  readonly recordedAt?: string;
  /** ISO 8601, set by core when the machine of this lease was seen to run: what cannot be found since then is gone. */
  readonly seenAt?: string;
  /** JSON of the provider's own; for an address, the ids that were there before ours was asked for. */
  readonly reference?: unknown;
}

/** That one resource is gone, in the provider's own words. */
export interface ReleaseProof {
  readonly resource: Resource;
  /** ISO 8601. */
  readonly goneAt: string;
  /** What was seen: `GET /instances/7f3a… answered 404`. */
  readonly evidence: string;
}
