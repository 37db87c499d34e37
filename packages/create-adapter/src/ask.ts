import { isCancel, select, text } from "@clack/prompts";
import { UnitrainError } from "@unitrain/core/spec";
import type { AdapterKind } from "./adapter-kind.ts";
import { readAdapterName } from "./adapter-name.ts";

const output = process.stderr;

/** Asks for the kind of the adapter. Returns undefined at Ctrl-C. */
export async function askForKind(): Promise<AdapterKind | undefined> {
  const answer = await select<AdapterKind>({
    message: "What do you want to write?",
    options: [
      { value: "provider", label: "Provider", hint: "a cloud that rents out machines" },
      { value: "framework", label: "Framework", hint: "a kind of training" },
      { value: "transport", label: "Transport", hint: "a way to reach machines" },
      { value: "plugin", label: "Plugin", hint: "changes what is uploaded, checked, started or shown" },
    ],
    output,
  });
  return isCancel(answer) ? undefined : answer;
}

/** Asks for the name of the adapter until it is valid. Returns undefined at Ctrl-C. */
export async function askForName(kind: AdapterKind): Promise<string | undefined> {
  const answer = await text({
    message: `What is its name? The package becomes unitrain-${kind}-<name>.`,
    placeholder: "gpu-desk",
    validate: (value) => findFault(kind, value ?? ""),
    output,
  });
  return isCancel(answer) ? undefined : answer;
}

function findFault(kind: AdapterKind, name: string): string | undefined {
  try {
    readAdapterName(kind, name);
    return undefined;
  } catch (error) {
    if (UnitrainError.isInstance(error)) return error.message;
    throw error;
  }
}
