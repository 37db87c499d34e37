// A client of its own, to be killed: `node --conditions=@unitrain/source client.ts <what> <json>`.
import { childExecutor } from "../src/executor/child-executor.ts";
import { setsid } from "../src/job/setsid.ts";
import { posixTransport } from "../src/posix-transport.ts";
import { testContext } from "./context.ts";

const [, , what = "", json = "{}"] = process.argv;
const given = JSON.parse(json);
const session = await posixTransport({
  name: "test",
  supports: ["local"],
  connect: async () => childExecutor("sh", ["-c"]),
  launchers: [setsid()],
  workFolder: given.workFolder,
}).connect({ connectionKind: "local" }, testContext());
if ("ready" in session) throw new Error(session.reason);

if (what === "train") {
  await session.start(given.job, {}, testContext());
  console.log("started");
  for await (const part of session.follow(given.job.id, 0, testContext())) {
    if (part.kind === "log") process.stdout.write(part.bytes);
  }
}
if (what === "fetch") {
  await session.fetch(given.file, given.localPath, testContext(), (bytes) => console.log(bytes));
}
if (what === "ship") {
  const manifest = {
    async *entries() {
      yield given.entries;
    },
  };
  await session.ship({ ...given.shipment, manifest }, testContext(), ({ bytes }) => console.log(bytes));
}
