/** What goes out on the wire, faults included. */
export type Reply =
  | {
      readonly kind: "json";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: ReplyHeaders;
    }
  | { readonly kind: "text"; readonly status: number; readonly body: string; readonly headers?: ReplyHeaders }
  /** The connection ends without an answer. */
  | { readonly kind: "cut" }
  /** The connection ends after half of the body that was announced. */
  | { readonly kind: "half"; readonly reply: Reply }
  /** Nothing comes, ever. */
  | { readonly kind: "silence" }
  /** A body of this many bytes, or one that never ends. */
  | { readonly kind: "flood"; readonly bytes: number }
  /** A body that never ends, and comes so slowly that the connection never looks dead. */
  | { readonly kind: "drip" };

export type ReplyHeaders = Readonly<Record<string, string>>;

/** The status a client sees; 0 when it sees none. */
export function getReplyStatus(reply: Reply): number {
  if (reply.kind === "json" || reply.kind === "text") return reply.status;
  if (reply.kind === "half") return getReplyStatus(reply.reply);
  return reply.kind === "flood" || reply.kind === "drip" ? 200 : 0;
}
