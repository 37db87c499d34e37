import { attempt, demand, describeError, expectToSettle } from "../../suite/demand.ts";
import { transportRules } from "../rule.ts";

/** Rules about `follow`: the log of a training, live and again. */
export const followRules = transportRules([
  {
    id: "transport/follow-yields-every-byte",
    demand:
      "`follow` yields each byte of the log once, in order, with its offset, because bytes may be split anywhere.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job(
        "printf '10%%\\r20%%\\r\\000\\377\\036'; head -c 200000 /dev/zero | tr '\\0' x; printf '\\ndone'",
      );
      await session.start(job, {}, bed.context());
      const { log } = await bed.followToEnd(session, job.id);
      const head = Buffer.concat([Buffer.from("10%\r20%\r"), Buffer.from([0, 255, 30])]);
      const expected = Buffer.concat([head, Buffer.alloc(200_000, "x"), Buffer.from("\ndone")]);
      demand(
        Buffer.compare(log, expected) === 0,
        `follow() yielded ${log.length} bytes of a log of ${expected.length}, or changed them. Yield raw bytes, and read to the end once the job has ended.`,
      );
    },
  },
  {
    id: "transport/follow-continues-at-an-offset",
    demand: "`follow` from an offset begins exactly there, because core continues after a lost connection.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job("printf 0123456789");
      await session.start(job, {}, bed.context());
      await bed.followToEnd(session, job.id);
      const { log, offsets } = await bed.followToEnd(session, job.id, 4);
      demand(
        log.toString() === "456789" && offsets[0] === 4,
        `follow() from offset 4 began at ${offsets[0]} and yielded ${JSON.stringify(log.toString())}. Yield the log from that byte on.`,
      );
    },
  },
  {
    id: "transport/half-read-stream-is-left",
    demand:
      "A consumer that leaves `follow` early ends it at once, and the session stays usable, because a user detaches.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job("echo begin; sleep 30");
      await session.start(job, {}, bed.context());
      const leave = async () => {
        for await (const part of session.follow(job.id, 0, bed.context())) if (part.kind === "log") break;
      };
      await expectToSettle("Leaving follow() after its first part", leave(), 10_000);
      const result = await attempt("run()", session.run({ argv: ["true"] }, bed.context()), 10_000);
      demand(
        "value" in result,
        `After follow() was left early, run() failed: ${describeError("error" in result ? result.error : "")}. End only the stream.`,
      );
    },
  },
  {
    id: "transport/watched-files-arrive",
    demand:
      "`follow` yields the last content of each watched file before it ends, because metrics are read from there.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const watched = `${bed.subject.folder}/results.csv`;
      const job = bed.job('echo 1 > "$WATCHED"; sleep 0.3; echo 2 >> "$WATCHED"', {
        env: { WATCHED: watched },
        watch: [watched],
      });
      await session.start(job, {}, bed.context());
      const { files } = await bed.followToEnd(session, job.id);
      demand(
        files.get(watched) === "1\n2\n",
        `The last content of a watched file was ${JSON.stringify(files.get(watched))} instead of "1\\n2\\n". Read it once more after the end.`,
      );
    },
  },
]);
