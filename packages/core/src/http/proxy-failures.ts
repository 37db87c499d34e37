import { ProxyError } from "./proxy-error.ts";
import type { ProxySetting } from "./proxy-variables.ts";

const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Creates the error for a proxy that answered a CONNECT request to `target` (`host:port`) with another status than 200. */
export function createStatusError(
  setting: ProxySetting,
  target: string,
  status: number,
  schemes: string,
): ProxyError {
  const { proxy } = setting;
  if (status === 407) return createLoginError(setting, schemes);
  if (retryableStatuses.has(status)) {
    return new ProxyError(`The proxy ${proxy} could not connect to ${target}: it answered ${status}`, {
      proxy,
      status,
      hint: `Try again in a few minutes. If that does not help, ask the operator of the proxy, or add ${getHost(target)} to NO_PROXY.`,
      isRetryable: true,
    });
  }
  return new ProxyError(`The proxy ${proxy} refused a connection to ${target}: it answered ${status}`, {
    proxy,
    status,
    hint: `Ask the operator of the proxy to allow ${target}, or add ${getHost(target)} to NO_PROXY.`,
    isRetryable: false,
  });
}

/** Creates the error for a proxy that cannot be connected to. */
export function createUnreachableError(setting: ProxySetting, reason: string): ProxyError {
  const { proxy, variable } = setting;
  return new ProxyError(`Cannot connect to the proxy ${proxy} (${variable}): ${reason}`, {
    proxy,
    hint: `Check ${variable} and whether the proxy is running, or unset ${variable} to connect directly.`,
    isRetryable: true,
  });
}

/** Creates the error for a proxy that did not open a connection in time. */
export function createTimeoutError(setting: ProxySetting, target: string): ProxyError {
  const { proxy, variable } = setting;
  return new ProxyError(`The proxy ${proxy} (${variable}) did not open a connection to ${target} in time`, {
    proxy,
    hint: `Try again. Check whether the proxy works for other programs: curl -v https://${getHost(target)}`,
    isRetryable: true,
  });
}

/** Creates the error for a proxy that answered 407. `schemes` are the authentication schemes that it offered, if they are known. */
export function createLoginError(
  { hasCredentials, proxy, variable }: ProxySetting,
  schemes = "",
): ProxyError {
  const offers = /\b(?:negotiate|ntlm|kerberos|digest)\b/i.test(schemes) && !/\bbasic\b/i.test(schemes);
  const message = hasCredentials
    ? `The proxy ${proxy} did not accept the user name and password in ${variable} (407)`
    : `The proxy ${proxy} requires a user name and password (407)`;
  return new ProxyError(message, {
    proxy,
    status: 407,
    hint: offers
      ? `The proxy does not offer the Basic scheme, the only one that unitrain supports. Run a local proxy that logs in for you, such as px or cntlm, and point ${variable} to it.`
      : `Set ${variable}=http://<user>:<password>@${proxy}, with special characters of the password percent-encoded.`,
    isRetryable: false,
  });
}

function getHost(target: string): string {
  return target.replace(/:\d+$/, "");
}
