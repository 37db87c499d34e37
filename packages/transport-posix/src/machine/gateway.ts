import { UnitrainError } from "@unitrain/core/spec";

/** All 256 bytes, and sequences that terminals and ssh clients take for commands to themselves. */
export const everyByte = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from("\r\n~.\r\n\x03\x04\x1a"),
]);

/** Returns the error for what came back in place of {@link everyByte}, with what probably changed it. */
export function bytesChangedError(echo: Buffer): UnitrainError {
  return unusableGatewayError(`it changes the bytes that pass through it (${describeChange(echo)})`);
}

/** Returns the error for a command that succeeded while its output did not arrive. */
export function outputSwallowedError(): UnitrainError {
  return unusableGatewayError("commands run, but their output does not come back, as through a terminal");
}

function describeChange(echo: Buffer): string {
  if (echo.length === 0) return "nothing comes back";
  if (echo.includes("\r\r\n") || (echo.includes("\r\n") && echo.length < everyByte.length)) {
    return "there is a terminal in between";
  }
  if (echo.includes("\xef\xbf\xbd", "latin1") || echo.includes("\xc2\x80", "latin1")) {
    return "it converts bytes as if they were text";
  }
  if (echo.every((byte) => byte < 128)) return "it passes only seven bits of each byte";
  return `${echo.length} of ${everyByte.length} bytes came back`;
}

/** Returns the error when the output is the message of a gateway or a closed account that runs no commands, else undefined. */
export function findRefusal(output: string): UnitrainError | undefined {
  if (/doesn't support PTY|pseudo-terminal|requires? a (pty|tty|terminal)/i.test(output)) {
    return unusableGatewayError(
      "it opens terminals for people and runs no commands, as the proxies of RunPod and others do",
    );
  }
  // A terminal prints the control characters that it interprets, and ends the command.
  if (/\^[CDZ]/.test(output)) return unusableGatewayError("there is a terminal in between");
  if (/account is currently not available|this account is not available/i.test(output)) {
    return new UnitrainError(
      "LOGIN_REFUSED",
      "Cannot log in: the account on the machine is disabled, its shell ends at once.",
      {
        hint: "Use another user, or give this user a login shell on the machine (chsh).",
      },
    );
  }
  return undefined;
}

function unusableGatewayError(reason: string): UnitrainError {
  return new UnitrainError("UNUSABLE_GATEWAY", `Cannot use the gateway in front of the machine: ${reason}.`, {
    hint: "Use the machine's direct address and TCP port (RunPod: “SSH over exposed TCP”) instead of the provider's proxy.",
  });
}
