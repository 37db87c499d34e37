import type { Action } from "@unitrain/core";

/** Returns a hint of core, followed by the command that does it. */
export function formatHint({
  hint,
  action,
}: {
  readonly hint?: string | undefined;
  readonly action?: Action | undefined;
}): string | undefined {
  if (action === undefined) return hint;
  const command = `\`${formatAction(action)}\``;
  return hint === undefined ? command : `${hint.replace(/\.$/, "")}: ${command}.`;
}

function formatAction(action: Action): string {
  switch (action.type) {
    case "start":
      return "unitrain train <data>";
    case "attach":
      return action.run === undefined ? "unitrain attach" : `unitrain attach ${action.run}`;
    case "stop":
      return `unitrain stop ${action.run}`;
    case "list-runs":
      return "unitrain runs";
    case "release":
      return "unitrain gc";
    case "list-offers":
      return "unitrain offers";
    case "log-in":
      return `unitrain login ${action.provider}`;
    case "clean":
      return "unitrain clean";
    case "pass-as-secret":
      return `--secret ${action.variable}`;
    case "set":
      return optionNames[action.option];
  }
}

const optionNames: Readonly<Record<Extract<Action, { type: "set" }>["option"], string>> = {
  out: "--out <folder>",
  maxOutputBytes: "--max-output <size>",
  downloadWithinMs: "unitrain gc --within <minutes>",
};
