import { type RunEvent, toPlainText } from "@unitrain/core/spec";

/**
 * Returns an event whose texts are harmless on a screen, also in keys: names of metrics, of files and of machines come from elsewhere,
 * and events that are read from disk may have been written by anybody who wrote there.
 */
export function toPlainEvent(event: RunEvent): RunEvent {
  // Nothing of a log event is kept, and its text may be long.
  return event.type === "log" ? event : plain(event);
}

function plain<Value>(value: Value): Value {
  if (typeof value === "string") return toPlainText(value) as Value;
  if (Array.isArray(value)) return value.map(plain) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [toPlainText(key), plain(inner)]),
  ) as Value;
}
