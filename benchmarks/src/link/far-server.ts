// Runs in the far namespace: a real sshd that also listens on the address of the link. Prints where it is, and ends with its input.
import { testServer } from "../../../packages/transport-ssh/test/test-server.ts";

const [address] = process.argv.slice(2);
const ends: (() => unknown)[] = [];
const config = [
  ...(address === undefined ? [] : [`ListenAddress ${address}`]),
  "Subsystem sftp internal-sftp",
];
const { root, home, port, user, keyFile, hostKey } = await testServer({
  onEnd: (end) => ends.push(end),
  config,
});
console.log(JSON.stringify({ root, home, port, user, keyFile, hostKey }));
process.stdin.resume().on("end", async () => {
  for (const end of ends.reverse()) await end();
});
