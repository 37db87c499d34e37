import type { Duplex } from "node:stream";
import type { NotReady } from "@unitrain/core/spec";
import { notYet } from "./not-yet.ts";

const patienceMs = 5_000;
const longestBytes = 16 * 1024;

/** Waits until the other end says that it is an SSH server. What was read is put back, for whoever speaks SSH with it. */
export function awaitBanner(
  stream: Duplex,
  { shownAs, isLeased }: { readonly shownAs: string; readonly isLeased: boolean },
  signal: AbortSignal,
): Promise<NotReady | undefined> {
  return new Promise((resolve) => {
    let heard: Buffer = Buffer.alloc(0);
    const settle = (answer: NotReady | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      stream.off("data", hear).off("end", over).off("close", over).off("error", over);
      stream.on("error", () => {});
      stream.pause();
      if (answer === undefined) stream.unshift(heard);
      else stream.destroy();
      resolve(answer);
    };
    const abort = () => settle(notYet("banner", "the try was given up"));
    const hear = (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (/^SSH-[^\n]*\n/m.test(heard.toString("latin1"))) settle(undefined);
      else if (heard.length > longestBytes) over();
    };
    const over = () => {
      const text = heard.toString("utf8").trim().slice(0, 200);
      const isPiece = text.startsWith("SSH-") || "SSH-".startsWith(text);
      if (isPiece) settle(notYet("banner", `${shownAs} closed the connection before it said anything`));
      else if (/MaxStartups|Not allowed at this time/i.test(text)) {
        settle(notYet("banner", `${shownAs} takes no more logins for the moment: ${text}`));
      } else {
        settle(
          notYet(
            "banner",
            `what answers at ${shownAs} is not an SSH server: ${JSON.stringify(text)}`,
            !isLeased,
          ),
        );
      }
    };
    const timer = setTimeout(() => {
      if (heard.length > 0) over();
      else settle(notYet("banner", `${shownAs} takes connections and says nothing yet`));
    }, patienceMs);
    stream.on("data", hear).once("end", over).once("close", over).once("error", over);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
