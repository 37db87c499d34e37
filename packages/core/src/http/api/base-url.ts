import { UnitrainError } from "../../spec/index.ts";
import { isLoopback } from "../loopback.ts";
import type { CloudApi } from "./cloud-api.ts";

/**
 * Checks the URL that the API key is sent to: plain http is allowed only on this computer. Returns it without a slash at its end.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for anything else.
 */
export function checkBaseUrl({ provider, urlVariable }: CloudApi, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new UnitrainError("INVALID_OPTIONS", `${provider}(): baseUrl is not a valid URL of an API.`, {
      hint: `Set option baseUrl or the variable ${urlVariable} to https://host/path, without a user name or password.`,
    });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `${provider}(): ${url.origin} is not encrypted, so the API key would be sent in clear text.`,
      {
        hint: `Use https in option baseUrl or the variable ${urlVariable}. Plain http is allowed only on this computer.`,
      },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
