import { UnitrainError } from "@unitrain/core/spec";
import SSHConfig from "ssh-config";

export function parseConfig(text: string, file: string): SSHConfig {
  try {
    return SSHConfig.parse(text);
  } catch (cause) {
    throw new UnitrainError("INVALID_OPTIONS", `${file} cannot be understood: ${(cause as Error).message}.`, {
      hint: "See what `ssh -G <host>` says of it.",
      cause,
    });
  }
}
