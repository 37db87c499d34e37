import type { Availability } from "../api/answers.ts";

/** Reads the availability: `available` takes precedence over `status`, and `status` over counts. */
export function readAvailability(answer: Availability): "yes" | "no" | "unknown" {
  if (typeof answer === "boolean") return answer ? "yes" : "no";
  if (typeof answer === "string") return parseAvailabilityWord(answer);
  const { available, status } = answer;
  if (typeof available === "boolean") return available ? "yes" : "no";
  if (typeof available === "number") return available > 0 ? "yes" : "no";
  if (typeof available === "string" && parseAvailabilityWord(available) !== "unknown")
    return parseAvailabilityWord(available);
  if (status && parseAvailabilityWord(status) !== "unknown") return parseAvailabilityWord(status);
  const count = answer.available_count ?? answer.free;
  return typeof count === "number" ? (count > 0 ? "yes" : "no") : "unknown";
}

function parseAvailabilityWord(text: string): "yes" | "no" | "unknown" {
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  if (["available", "in_stock", "instock", "yes", "true"].includes(word)) return "yes";
  if (
    ["unavailable", "not_available", "out_of_stock", "outofstock", "sold_out", "no", "false"].includes(word)
  )
    return "no";
  return "unknown";
}
