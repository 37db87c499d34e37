import { UnitrainError } from "@unitrain/core/spec";

export interface Jump {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
}

const form =
  /^(?:ssh:\/\/)?(?:(?<user>[^@]+)@)?(?:\[(?<address>[^\]]+)\]|(?<host>[^@:[\]]+))(?::(?<port>\d+))?\/?$/;

/** Parses the value of `ProxyJump first,me@second:2222`. */
export function parseJumps(text: string): readonly Jump[] {
  return text.split(",").map((part) => {
    const found = form.exec(part.trim())?.groups;
    const host = found?.address ?? found?.host;
    if (found === undefined || host === undefined || host.startsWith("-")) {
      throw new UnitrainError("INVALID_OPTIONS", `Invalid ProxyJump ${JSON.stringify(text)}.`, {
        hint: "Use the form: ProxyJump user@host:port,next-host",
      });
    }
    return {
      host,
      ...(found.port === undefined ? {} : { port: Number(found.port) }),
      ...(found.user === undefined ? {} : { user: found.user }),
    };
  });
}
