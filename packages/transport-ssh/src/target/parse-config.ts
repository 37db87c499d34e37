import { UnitrainError } from "@unitrain/core/spec";
import SSHConfig from "ssh-config";

export function parseConfig(text: string, file: string): SSHConfig {
  try {
    return SSHConfig.parse(text);
  } catch (cause) {
    throw new UnitrainError("INVALID_OPTIONS", `Cannot parse ${file}: ${(cause as Error).message}.`, {
      hint: "Fix the line that `ssh -G <host>` reports.",
      cause,
    });
  }
}
