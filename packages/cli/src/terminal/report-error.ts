import type { ErrorReport } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { renderError } from "./render/error.ts";
import { formatHint } from "./render/hint.ts";
import { measureWidth } from "./render/line.ts";
import { writeJson, writeLines, writeText } from "./write.ts";

/** Reports an error on stderr, with `--json` as JSON. Prints the stack, masked by `mask`, only with `UNITRAIN_DEBUG=1`. */
export function reportError(
  report: ErrorReport,
  thrown: unknown,
  { stderr, env }: Pick<CliContext, "stderr" | "env">,
  json: boolean,
  mask: (text: string) => string = (text) => text,
): void {
  if (json) writeJson(stderr, { type: "error", ...report, hint: formatHint(report) });
  else writeLines(stderr, renderError(report, measureWidth(stderr)));
  if (env.UNITRAIN_DEBUG === "1" && thrown instanceof Error)
    writeText(stderr, `${mask(formatStacks(thrown))}\n`);
}

function formatStacks(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\n  caused by ${formatStacks(error.cause)}` : stack;
}
