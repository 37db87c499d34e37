import { type FoundDataset, type ProposedOption, UnitrainError } from "@unitrain/core/spec";
import { cloudWords } from "../modules/clouds.ts";
import { askForText, askToSelect, showTitle } from "../terminal/ask.ts";

/** Asks for the dataset and proposes those that were found or named. Returns undefined if the answer is empty. */
export async function askDataset(
  found: readonly FoundDataset[],
  proposed: string | undefined,
): Promise<string | undefined> {
  await showTitle("unitrain.config.ts");
  const data = answered(
    await (found.length > 1
      ? askToSelect(
          { message: "Which dataset?" },
          found.map(({ path, kind }) => ({ value: path, label: path, hint: kind })),
        )
      : askForText({
          message: "Where is the dataset?",
          initialValue: proposed ?? "",
          placeholder: "./pallets",
        })),
  );
  return data === "" ? undefined : data;
}

/** Asks for the value of each option that has a question. */
export async function askOptions(
  proposed: readonly ProposedOption[],
): Promise<Readonly<Record<string, string | number>>> {
  const chosen: Record<string, string | number> = {};
  for (const { name, value, question } of proposed) {
    const isNumber = typeof value === "number";
    const answer =
      question === undefined
        ? String(value)
        : answered(
            await askForText(
              { message: question, initialValue: String(value) },
              isNumber ? checkWholeNumber : undefined,
            ),
          );
    chosen[name] = isNumber ? Number(answer) : answer;
  }
  return chosen;
}

/** Asks for the machine. */
export async function askMachine(proposed: string, aliases: readonly string[]): Promise<string> {
  const machines = [...new Set([proposed, "local", ...aliases, ...cloudWords])];
  const on = answered(
    await askToSelect({ message: "Where to train?" }, [
      ...machines.map((value) => ({ value, label: value })),
      { value: "other", label: "another machine by SSH" },
    ]),
  );
  const address = () => askForText({ message: "Its address?", placeholder: "ssh://user@host:22" });
  return on === "other" ? answered(await address()) : on;
}

function checkWholeNumber(value: string | undefined): string | undefined {
  return /^[1-9]\d*$/.test(value ?? "") ? undefined : "Enter a whole number above 0.";
}

/** Returns the answer to a question. Throws `CANCELLED` at Ctrl-C; nothing has been written by then. */
function answered(value: string | undefined): string {
  if (value !== undefined) return value.trim();
  throw new UnitrainError("CANCELLED", "Nothing was written.");
}
