import { UnitrainError } from "@unitrain/core/spec";

export interface Jump {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
}

const form =
  /^(?:ssh:\/\/)?(?:(?<user>[^@]+)@)?(?:\[(?<address>[^\]]+)\]|(?<host>[^@:[\]]+))(?::(?<port>\d+))?\/?$/;

/** `ProxyJump first,me@second:2222`. */
export function parseJumps(text: string): readonly Jump[] {
  return text.split(",").map((part) => {
    const found = form.exec(part.trim())?.groups;
    const host = found?.address ?? found?.host;
    if (found === undefined || host === undefined || host.startsWith("-")) {
      throw new UnitrainError("INVALID_OPTIONS", `ProxyJump ${JSON.stringify(text)} cannot be read.`, {
        hint: "It looks like: ProxyJump user@host:port,next-host",
      });
    }
    return {
      host,
      ...(found.port === undefined ? {} : { port: Number(found.port) }),
      ...(found.user === undefined ? {} : { user: found.user }),
    };
  });
}
