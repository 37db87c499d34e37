import type { BaseInstance } from "../emulator/records.ts";
import type { AnyCloud, CloudFault, FaultDialect } from "./dialect.ts";
import { escapes } from "./wire-faults.ts";

/** Faults of the fields of an answer: hostile texts, and fields that are missing. */
export function createTextFaults<Cloud extends AnyCloud, Call extends string, Instance extends BaseInstance>(
  dialect: FaultDialect<Cloud, Call, Instance>,
) {
  const { calls, textFields, requiredFields, requiredObjects } = dialect;

  /** Adds escape codes to texts for people only: an attack on the screen, not on the call. */
  const addEscapes = (value: unknown, name = textFields[0] ?? ""): unknown => {
    if (typeof value === "string") return textFields.includes(name) ? `${value}${escapes}` : value;
    return mapValues(value, addEscapes);
  };
  const removeFields = (value: unknown, name = "id", isKept = false): unknown => {
    const keep = isKept || requiredObjects.includes(name);
    if (typeof value === "object" && value !== null)
      return mapValues(value, (entry, key) => removeFields(entry, key ?? "id", keep));
    return keep || requiredFields.includes(name) ? value : null;
  };
  const change = (
    description: string,
    affected: readonly Call[],
    changeValue: (value: unknown) => unknown,
  ): CloudFault<Cloud, Call> => ({
    description,
    calls: affected,
    done: true,
    reply: ({ truthfulReply }) => {
      const payload = dialect.getPayload(truthfulReply);
      if (payload === undefined && truthfulReply !== undefined) return truthfulReply;
      return dialect.data(changeValue(payload));
    },
  });
  return {
    "escape-codes": change(
      "texts for people in the answer carry terminal escape codes",
      calls.texts,
      (value) => addEscapes(value),
    ),
    "sparse-answer": change(
      "every field that is not an identifier, name, status or address is missing or null",
      calls.descriptions,
      (value) => removeFields(value),
    ),
  };
}

function mapValues(value: unknown, change: (value: unknown, name?: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => change(entry));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]));
}
