import { ProxyError } from "./proxy-error.ts";

/** A proxy that an environment variable names. */
export interface ProxySetting {
  /** The variable that names it: `HTTPS_PROXY`. */
  readonly variable: string;
  /** The URL with credentials; never print it. */
  readonly url: string;
  /** `host:port`, safe to print. */
  readonly proxy: string;
  readonly hasCredentials: boolean;
}

/** The proxies for `http:` and `https:` URLs, and the hosts that are reached without one. */
export interface ProxySettings {
  readonly http: ProxySetting | undefined;
  readonly https: ProxySetting | undefined;
  readonly noProxy: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the proxy variables; returns undefined if none is set. Lower-case names take precedence, as in other programs. Without
 * `HTTPS_PROXY`, `HTTP_PROXY` is used for both, as with Node's own `NODE_USE_ENV_PROXY`.
 *
 * @throws ProxyError if a value is not the address of an HTTP proxy.
 */
export function readProxySettings(variables: Variables): ProxySettings | undefined {
  const http = readProxy(variables, "HTTP_PROXY");
  const https = readProxy(variables, "HTTPS_PROXY") ?? http;
  if (https === undefined) return undefined;
  return { http, https, noProxy: variables.no_proxy ?? variables.NO_PROXY ?? "" };
}

function readProxy(variables: Variables, upperCase: string): ProxySetting | undefined {
  const variable = [upperCase.toLowerCase(), upperCase].find((name) => variables[name]);
  const value = variable === undefined ? undefined : variables[variable]?.trim();
  if (variable === undefined || !value) return undefined;
  // A value without a scheme means http, as for curl.
  const text = value.includes("://") ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !hasReadableCredentials(url)) {
    // The value may contain a password, so the error does not quote it.
    throw new ProxyError(`The value of ${variable} is not the address of an HTTP proxy`, {
      proxy: variable,
      hint: `Set ${variable} to http://<host>:<port>, with special characters of a password percent-encoded. SOCKS proxies are not supported.`,
      isRetryable: false,
    });
  }
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return {
    variable,
    url: url.href,
    proxy: `${url.hostname}:${port}`,
    hasCredentials: url.username !== "",
  };
}

function hasReadableCredentials({ username, password }: URL): boolean {
  return decode(username + password) !== undefined;
}

/** Returns the passwords in the proxy variables, as written and decoded, so that they can be masked. */
export function listProxyPasswords(variables: Variables): readonly string[] {
  return ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    .flatMap((name) => [variables[name.toLowerCase()], variables[name]])
    .flatMap((value) => {
      const password = /^(?:[a-z0-9]+:\/\/)?[^/@:]*:([^/]+)@/i.exec(value ?? "")?.[1];
      if (password === undefined) return [];
      return [password, decode(password) ?? password];
    });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
