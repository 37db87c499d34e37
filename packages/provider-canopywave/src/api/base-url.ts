import { isLoopback } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";

/** The key goes there: in the clear only within this computer. Answers it without a slash at its end. */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new UnitrainError("INVALID_OPTIONS", "canopywave(): baseUrl is not the address of an API.", {
      hint: "Give option baseUrl or the variable CANOPYWAVE_BASE_URL as https://host/path, without a name or password in it.",
    });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `canopywave(): ${url.origin} is not encrypted; the API key would be sent in the clear.`,
      {
        hint: "Use https in option baseUrl or the variable CANOPYWAVE_BASE_URL. http is only for this computer.",
      },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
