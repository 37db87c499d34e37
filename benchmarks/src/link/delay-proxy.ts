// A program of its own, so that it does not share a thread with the client: holds every chunk back for half a round trip.
// `delay-proxy.ts HOST PORT DELAY_MS MAX_HELD_BYTES` prints the port on which it listens.
import { connect, createServer, type Socket } from "node:net";

const [host = "", port = "", delayMs = "0", maxHeldBytes = "0"] = process.argv.slice(2);

const server = createServer({ noDelay: true }, (client) => {
  const target = connect({ host, port: Number(port), noDelay: true });
  carry(client, target);
  carry(target, client);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
process.stdin.resume().on("end", () => process.exit(0));

function carry(from: Socket, to: Socket): void {
  const held: { readonly at: number; readonly chunk: Buffer | undefined }[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    const [next] = held;
    if (next === undefined || timer !== undefined) return;
    timer = setTimeout(release, Math.max(0, next.at - performance.now()));
  };
  const release = () => {
    timer = undefined;
    let isFull = false;
    while (!isFull && held[0] !== undefined && held[0].at <= performance.now() + 0.5) {
      const chunk = held.shift()?.chunk;
      if (chunk === undefined) to.end();
      else {
        heldBytes -= chunk.length;
        isFull = !to.write(chunk);
      }
    }
    if (heldBytes < Number(maxHeldBytes)) from.resume();
    if (isFull) to.once("drain", schedule);
    else schedule();
  };
  from.on("data", (chunk: Buffer) => {
    held.push({ at: performance.now() + Number(delayMs), chunk });
    heldBytes += chunk.length;
    // As much as is on its way on a link, and what its devices hold: without a limit the sender would see an endless buffer.
    if (heldBytes >= Number(maxHeldBytes)) from.pause();
    schedule();
  });
  from.on("end", () => {
    held.push({ at: performance.now() + Number(delayMs), chunk: undefined });
    schedule();
  });
  from.on("error", () => to.destroy());
  from.on("close", () => setTimeout(() => to.destroy(), Number(delayMs) + 1_000));
}
