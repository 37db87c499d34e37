import { UnitrainError } from "@unitrain/core/spec";

/** All there are, and what terminals and ssh clients take for commands to themselves. */
export const everyByte = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from("\r\n~.\r\n\x03\x04\x1a"),
]);

/** What came back in place of {@link everyByte}, as an error that says who may have changed it. */
export function bytesChangedError(echo: Buffer): UnitrainError {
  return unusableGatewayError(`what is sent through it comes back changed (${describeChange(echo)})`);
}

/** A command ended well, and what it said did not come. */
export function outputSwallowedError(): UnitrainError {
  return unusableGatewayError(
    "commands end there, and what they say does not come back, as through a terminal",
  );
}

function describeChange(echo: Buffer): string {
  if (echo.length === 0) return "nothing comes back";
  if (echo.includes("\r\r\n") || (echo.includes("\r\n") && echo.length < everyByte.length)) {
    return "a terminal stands in between";
  }
  if (echo.includes("\xef\xbf\xbd", "latin1") || echo.includes("\xc2\x80", "latin1")) {
    return "bytes are taken for text";
  }
  if (echo.every((byte) => byte < 128)) return "only seven bits of each byte come through";
  return `${echo.length} of ${everyByte.length} bytes`;
}

/** What a gateway or a closed account says in place of running a command; undefined for what may pass. */
export function findRefusal(output: string): UnitrainError | undefined {
  if (/doesn't support PTY|pseudo-terminal|requires? a (pty|tty|terminal)/i.test(output)) {
    return unusableGatewayError(
      "it lets people in at a terminal and runs no commands, as the proxies of RunPod and others do",
    );
  }
  // A terminal shows the control characters that it takes for its own, and ends the command.
  if (/\^[CDZ]/.test(output)) return unusableGatewayError("a terminal stands in between");
  if (/account is currently not available|this account is not available/i.test(output)) {
    return new UnitrainError(
      "LOGIN_REFUSED",
      "The account on the machine may not log in: its shell ends at once.",
      {
        hint: "Use another user, or give this one a login shell there (chsh).",
      },
    );
  }
  return undefined;
}

function unusableGatewayError(reason: string): UnitrainError {
  return new UnitrainError(
    "UNUSABLE_GATEWAY",
    `What stands before the machine cannot carry a training: ${reason}.`,
    {
      hint: "Use the machine's direct address and TCP port (RunPod: “SSH over exposed TCP”) instead of the provider's proxy.",
    },
  );
}
