import type { Duplex } from "node:stream";
import type { NotReady } from "@unitrain/core/spec";
import { createNotReady } from "./not-ready.ts";

const timeoutMs = 5_000;
const maxBytes = 16 * 1024;

/** Waits until the server sends its SSH banner. The bytes are put back into the stream, for the SSH client. */
export function awaitBanner(
  stream: Duplex,
  { displayName, isLeased }: { readonly displayName: string; readonly isLeased: boolean },
  signal: AbortSignal,
): Promise<NotReady | undefined> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const settle = (answer: NotReady | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      stream.off("data", onData).off("end", onOver).off("close", onOver).off("error", onOver);
      stream.on("error", () => {});
      stream.pause();
      if (answer === undefined) stream.unshift(received);
      else stream.destroy();
      resolve(answer);
    };
    const onAbort = () => settle(createNotReady("banner", "the attempt was cancelled"));
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (/^SSH-[^\n]*\n/m.test(received.toString("latin1"))) settle(undefined);
      else if (received.length > maxBytes) onOver();
    };
    const onOver = () => {
      const text = received.toString("utf8").trim().slice(0, 200);
      const isIncompleteBanner = text.startsWith("SSH-") || "SSH-".startsWith(text);
      if (isIncompleteBanner)
        settle(createNotReady("banner", `${displayName} closed the connection before its SSH banner`));
      else if (/MaxStartups|Not allowed at this time/i.test(text)) {
        settle(createNotReady("banner", `${displayName} accepts no more logins at the moment: ${text}`));
      } else {
        settle(
          createNotReady(
            "banner",
            `what answers at ${displayName} is not an SSH server: ${JSON.stringify(text)}`,
            !isLeased,
          ),
        );
      }
    };
    const timer = setTimeout(() => {
      if (received.length > 0) onOver();
      else
        settle(createNotReady("banner", `${displayName} accepts connections but has sent no SSH banner yet`));
    }, timeoutMs);
    stream.on("data", onData).once("end", onOver).once("close", onOver).once("error", onOver);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
