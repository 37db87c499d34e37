import { UnitrainError } from "@unitrain/core/spec";

interface OwnCodeOptions {
  readonly code?: unknown;
  readonly pip?: unknown;
  readonly trainer?: unknown;
  readonly validator?: unknown;
  readonly callbacks?: unknown;
}

interface OwnCode {
  readonly trainer: string | undefined;
  readonly validator: string | undefined;
  readonly callbacks: string | undefined;
}

/**
 * Checks the format of `trainer`, `validator` and `callbacks`; the plan checks what they name. Throws
 * `INVALID_OPTIONS`.
 */
export function checkOwnCode(options: OwnCodeOptions): OwnCode {
  return {
    trainer: checkClassPath("trainer", options),
    validator: checkClassPath("validator", options),
    callbacks: checkCallbacks(options.callbacks),
  };
}

function checkClassPath(key: "trainer" | "validator", options: OwnCodeOptions): string | undefined {
  const value = options[key];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(value)) {
    throw createError(
      `${key} is ${formatValue(value)}, but must name a Python class.`,
      `Write it as Python imports it, without slashes and .py: \`${key}=mypkg.module.MyClass\`.`,
    );
  }
  const isElsewhere = value.startsWith("ultralytics.") || options.pip !== undefined;
  if (options.code === undefined && !isElsewhere) {
    throw createError(
      `${key}=${value} is your own code, but no folder of code is named.`,
      `Name the folder from which \`import ${value.split(".")[0]}\` works: --code ./folder (option \`code\`).`,
    );
  }
  return value;
}

function checkCallbacks(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.endsWith(".py")) return value;
  throw createError(
    `callbacks is ${formatValue(value)}, but must name a file of Python code.`,
    "Name the file with your callbacks: `--callbacks ./my_callbacks.py`.",
  );
}

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", message, { hint });

const formatValue = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);
