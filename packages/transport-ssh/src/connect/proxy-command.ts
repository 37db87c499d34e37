import { spawn } from "node:child_process";
import { Duplex } from "node:stream";

/** A program that carries the bytes to the machine, as the user's configuration has it: run by the shell, as ssh does. */
export function startProxyCommand(command: string): Duplex {
  const child = spawn(process.platform === "win32" ? command : `exec ${command}`, {
    shell: true,
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  child.on("error", (error) => stream.destroy(error));
  child.on("exit", () => stream.destroy());
  stream.on("close", () => child.kill());
  return stream;
}
