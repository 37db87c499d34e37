/** A reply on the wire, including broken ones. */
export type Reply =
  | {
      readonly kind: "json";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: ReplyHeaders;
    }
  | { readonly kind: "text"; readonly status: number; readonly body: string; readonly headers?: ReplyHeaders }
  /** Closes the connection without an answer. */
  | { readonly kind: "cut" }
  /** Closes the connection after half of the announced body. */
  | { readonly kind: "half"; readonly reply: Reply }
  /** Never answers. */
  | { readonly kind: "silence" }
  /** A body of this many bytes, or one that never ends. */
  | { readonly kind: "flood"; readonly bytes: number }
  /** An endless body that arrives slowly enough to keep the connection alive. */
  | { readonly kind: "drip" };

export type ReplyHeaders = Readonly<Record<string, string>>;

/** Returns the HTTP status that a client sees; 0 for none. */
export function getReplyStatus(reply: Reply): number {
  if (reply.kind === "json" || reply.kind === "text") return reply.status;
  if (reply.kind === "half") return getReplyStatus(reply.reply);
  return reply.kind === "flood" || reply.kind === "drip" ? 200 : 0;
}
