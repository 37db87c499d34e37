/** Anything at a provider that costs money or counts against a quota. It is in the ledger before it is requested and until it is confirmed gone. */
export interface Resource {
  /** The provider's word for it: `instance`, `address`, `ssh-key`. */
  readonly kind: string;
  /** A name derived from the lease id. If the provider cannot name the resource (an address), `reference` identifies it. */
  readonly name: string;
  /** The provider's id, once it is known. */
  readonly id?: string;
  readonly region?: string;
  /** `keep` for a resource that existed before and is only used. */
  readonly onRelease: "delete" | "keep";
  /** Whether it costs nothing by itself, as an SSH key does. */
  readonly free?: boolean;
  /** When core wrote it to the ledger (ISO 8601). A new resource may not be listed yet, which does not mean that it is gone. */
  readonly recordedAt?: string;
  /** When core saw the machine of this lease running (ISO 8601). A resource that cannot be found after that is gone. */
  readonly seenAt?: string;
  /** Any JSON that the provider needs; for an address, the ids that existed before it was requested. */
  readonly reference?: unknown;
}

/** A provider's confirmation that a resource is gone. */
export interface ReleaseProof {
  readonly resource: Resource;
  /** When it was confirmed, ISO 8601. */
  readonly goneAt: string;
  /** The observation that confirms it: `GET /instances/7f3a… answered 404`. */
  readonly evidence: string;
}
