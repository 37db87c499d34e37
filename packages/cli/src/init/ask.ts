import { type FoundDataset, type ProposedOption, UnitrainError } from "@unitrain/core/spec";

const output = process.stderr;

/** Asks for the dataset and proposes those that were found or named. Returns undefined if the answer is empty. */
export async function askDataset(
  found: readonly FoundDataset[],
  proposed: string | undefined,
): Promise<string | undefined> {
  const { intro, select, text } = await import("@clack/prompts");
  intro("unitrain.config.ts", { output });
  const data = answered(
    await (found.length > 1
      ? select({
          message: "Which dataset?",
          options: found.map(({ path, kind }) => ({ value: path, label: path, hint: kind })),
          output,
        })
      : text({
          message: "Where is the dataset?",
          initialValue: proposed ?? "",
          placeholder: "./pallets",
          output,
        })),
  );
  return data === "" ? undefined : data;
}

/** Asks for the value of each option that has a question. */
export async function askOptions(
  proposed: readonly ProposedOption[],
): Promise<Readonly<Record<string, string | number>>> {
  const { text } = await import("@clack/prompts");
  const chosen: Record<string, string | number> = {};
  for (const { name, value, question } of proposed) {
    const isNumber = typeof value === "number";
    const answer =
      question === undefined
        ? String(value)
        : answered(
            await text({
              message: question,
              initialValue: String(value),
              ...(isNumber ? { validate: checkWholeNumber } : {}),
              output,
            }),
          );
    chosen[name] = isNumber ? Number(answer) : answer;
  }
  return chosen;
}

/** Asks for the machine. */
export async function askMachine(proposed: string, aliases: readonly string[]): Promise<string> {
  const { select, text } = await import("@clack/prompts");
  const machines = [...new Set([proposed, "local", ...aliases, "canopywave"])];
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
  return on === "other" ? answered(await address()) : on;
}

/** Asks a yes-no question. Ctrl-C means no. */
export async function askYesNo(message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message, output })) === true;
}

function checkWholeNumber(value: string | undefined): string | undefined {
  return /^[1-9]\d*$/.test(value ?? "") ? undefined : "Enter a whole number above 0.";
}

/** Returns the answer to a question. Throws `CANCELLED` at Ctrl-C; nothing has been written by then. */
function answered(value: string | symbol): string {
  if (typeof value === "string") return value.trim();
  throw new UnitrainError("CANCELLED", "Nothing was written.");
}
