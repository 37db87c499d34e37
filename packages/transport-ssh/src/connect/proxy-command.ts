import { spawn } from "node:child_process";
import { Duplex } from "node:stream";

/** Starts the `ProxyCommand` of the user's configuration, which carries the bytes to the machine. It runs in the shell, as with ssh. */
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
