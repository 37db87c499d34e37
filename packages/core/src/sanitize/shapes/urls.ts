import type { Rule } from "./spans.ts";
import { isPlaceholder, looksRandom } from "./values.ts";

/** `https://user:password@host`, also with slashes that are escaped, as in JSON. `encoded` matches the form in a query. */
const withPassword =
  /[a-z][a-z0-9+.-]{0,40}:(?:\/\/|\\{1,4}\/\\{1,4}\/)([^\s/@:"'<>\\]{0,256}):([^\s/"'<>]{1,1024})@(?=[\w[%{$*-])/gi;
/** The password of a database may contain slashes, because drivers do not insist on encoding them. */
const ofDatabase =
  /(?:postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|clickhouse|mssql|oracle|snowflake)(?:\+[a-z0-9]{1,20})?:\/\/([^\s/@:"'<>\\]{0,256}):([^\s"'<>]{1,512})@(?=[\w[{$-])/gi;
const encoded = /%3A%2F%2F([^\s%/@:"'<>]{0,256})%3A([^\s/@"'<>&]{1,1024}?)%40/gi;
/** A token instead of a user: `git+https://ghp_…@github.com`. */
const withToken = /[a-z][a-z0-9+.-]{0,40}:(?:\/\/|\\{1,4}\/\\{1,4}\/)([^\s/@:"'<>\\]{8,1024})@(?=[\w[])/gi;

/** Masks passwords and tokens in front of the host of a URL. */
export const maskUrls: Rule = (text, spans) => {
  for (const expression of [withPassword, ofDatabase, encoded]) {
    for (const match of text.matchAll(expression)) {
      const [whole, user = "", password = ""] = match;
      const start = match.index + whole.lastIndexOf(password);
      if (!isPlaceholder(password)) spans.push({ start, end: start + password.length });
      // `https://<token>:x-oauth-basic@github.com`
      if (isToken(user)) {
        const userStart = match.index + whole.indexOf(user, whole.search(/\/\/|\\\/|%2F%2F/i));
        spans.push({ start: userStart, end: userStart + user.length });
      }
    }
  }
  for (const match of text.matchAll(withToken)) {
    const token = match[1] ?? "";
    const start = match.index + match[0].length - 1 - token.length;
    if (isToken(token) && !isPlaceholder(token)) spans.push({ start, end: start + token.length });
  }
};

function isToken(user: string): boolean {
  return (
    looksRandom(user, 12) ||
    /^(?:gh[pousr]|github_pat|glpat|hf|x-token)[_-]/.test(user) ||
    (user.length >= 20 && /\d/.test(user))
  );
}
