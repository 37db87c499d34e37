import { UnitrainError } from "@unitrain/core/spec";
import type { Choices } from "./config-text.ts";
import type { FoundFiles } from "./find-datasets.ts";

/** Asks a person what to write; what was found or named stands there already. */
export async function ask(
  found: FoundFiles,
  proposed: Choices,
  aliases: readonly string[],
): Promise<Choices> {
  const { intro, select, text } = await import("@clack/prompts");
  const output = process.stderr;
  intro("unitrain.config.ts", { output });
  const data = answered(
    await (found.datasets.length > 1
      ? select({
          message: "Which dataset?",
          options: found.datasets.map(({ path, task }) => ({ value: path, label: path, hint: task })),
          output,
        })
      : text({
          message: "Where is the dataset?",
          initialValue: proposed.data ?? "",
          placeholder: "./pallets",
          output,
        })),
  );
  const model = answered(
    await text({ message: "Which model to begin with?", initialValue: proposed.model, output }),
  );
  const epochs = answered(
    await text({
      message: "How many epochs?",
      initialValue: String(proposed.epochs),
      validate: (value) => (/^[1-9]\d*$/.test(value ?? "") ? undefined : "A whole number above 0."),
      output,
    }),
  );
  const machines = [...new Set([proposed.on, "local", ...aliases, "canopywave"])];
  const on = answered(
    await select({
      message: "Where to train?",
      options: [
        ...machines.map((value) => ({ value, label: value })),
        { value: "other", label: "another machine by SSH" },
      ],
      output,
    }),
  );
  const address = () => text({ message: "Its address?", placeholder: "ssh://user@host:22", output });
  return {
    data: data === "" ? undefined : data,
    model,
    epochs: Number(epochs),
    on: on === "other" ? answered(await address()) : on,
  };
}

/** Ctrl-C is a no. */
export async function askYesNo(message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message, output: process.stderr })) === true;
}

/** Ctrl-C at a question gives up; nothing was written by then. */
function answered(value: string | symbol): string {
  if (typeof value === "string") return value.trim();
  throw new UnitrainError("CANCELLED", "Nothing was written.");
}
