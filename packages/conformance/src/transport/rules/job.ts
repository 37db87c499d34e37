import { attempt, demand, describeError, expectToSettle } from "../../suite/demand.ts";
import { findSecret } from "../../suite/texts.ts";
import { oddTexts, transportRules } from "../rule.ts";

const secret = "conformance-s3cr3t-9f2c";

/** Rules about jobs: what trains for hours without a connection. */
export const jobRules = transportRules([
  {
    id: "transport/job-outlives-the-connection",
    demand:
      "A job continues after its session was closed, and a new session finds its exit code, because nobody stays connected for hours.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const ended = `${bed.subject.folder}/ended`;
      const job = bed.job('sleep 0.4; echo 1 > "$ENDED"; exit 5', { env: { ENDED: ended } });
      await session.start(job, {}, bed.context());
      await session[Symbol.asyncDispose]();
      await bed.waitForText(ended);
      const { state } = await bed.followToEnd(await bed.connect(), job.id);
      demand(
        state.state === "ended" && state.exitCode === 5,
        `The state of a job that had ended with 5 is ${JSON.stringify(state)}. Keep the exit code in a file of the machine.`,
      );
    },
  },
  {
    id: "transport/start-is-idempotent",
    demand:
      "Starting the same id twice runs the job once, because core repeats `start` when its answer was lost.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const counted = `${bed.subject.folder}/starts`;
      const job = bed.job('echo start >> "$COUNTED"', { env: { COUNTED: counted } });
      const session = await bed.connect();
      await session.start(job, {}, bed.context());
      await bed.followToEnd(session, job.id);
      const again = await attempt("start()", session.start(job, {}, bed.context()));
      demand(
        "value" in again,
        `The second start() of the same id failed: ${describeError("error" in again ? again.error : "")}. Do nothing instead.`,
      );
      await bed.followToEnd(session, job.id);
      const starts = ((await bed.readText(counted)) ?? "").split("\n").length - 1;
      demand(
        starts === 1,
        `After two calls of start() with the same id, the job ran ${starts} times. Claim the id on the machine before you start it.`,
      );
    },
  },
  {
    id: "transport/job-gets-its-input",
    demand:
      "A job gets its exact arguments, variables and secrets, and runs in its folder, which is created.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const cwd = `${bed.subject.folder}/new folder/it's`;
      const script = 'printf "<%s>" "$@" "$ODD" "$TOKEN"; pwd';
      const job = bed.job("", {
        argv: ["sh", "-c", script, "sh", ...oddTexts],
        env: { ODD: "x'y\n$z" },
        secrets: ["TOKEN"],
        cwd,
      });
      await session.start(job, { TOKEN: `${secret}'\n$` }, bed.context());
      const { log } = await bed.followToEnd(session, job.id);
      const expected = `${[...oddTexts, "x'y\n$z", `${secret}'\n$`].map((text) => `<${text}>`).join("")}${cwd}\n`;
      demand(
        log.toString() === expected,
        `The job printed ${JSON.stringify(log.toString())} instead of ${JSON.stringify(expected)}.`,
      );
    },
  },
  {
    id: "transport/job-facts-are-of-its-computer",
    demand:
      "`jobFacts`, or `facts` of a transport without it, describe the computer that runs the job, because disk space and GPUs are checked there.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const name = `${bed.subject.folder}/name`;
      const job = bed.job('uname -n > "$NAME"; sleep 30', { env: { NAME: name } });
      await session.start(job, {}, bed.context());
      const actual = (await bed.waitForText(name)).trim();
      const call = session.jobFacts === undefined ? "facts()" : "jobFacts()";
      const facts = await expectToSettle(
        call,
        session.jobFacts?.(job.id, bed.context()) ?? session.facts(bed.context()),
      );
      demand(
        facts.hostname === actual,
        `The job runs on ${actual}, and ${call} describes ${facts.hostname}. Read the facts where the job runs, in jobFacts().`,
      );
    },
  },
  {
    id: "transport/secrets-are-not-written",
    demand:
      "No file below the work folder contains the value of a secret, because a machine's disk outlives the run.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const started = `${bed.subject.folder}/started`;
      const job = bed.job('echo 1 > "$STARTED"; sleep 30', { env: { STARTED: started }, secrets: ["TOKEN"] });
      await session.start(job, { TOKEN: secret }, bed.context());
      await bed.waitForText(started);
      const { workFolder } = await session.facts(bed.context());
      for await (const { path } of session.list(workFolder, bed.context())) {
        const content = Buffer.from((await bed.subject.readFile(path)) ?? "");
        demand(!content.includes(secret), `${path} contains a secret. Pass secrets over stdin.`);
      }
    },
  },
  {
    id: "transport/job-errors-hold-no-secret",
    demand: "No error of a job contains the value of a secret, because errors are printed and reported.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job("exit 1", { cwd: "/dev/null/impossible", secrets: ["TOKEN"] });
      const started = await attempt("start()", session.start(job, { TOKEN: secret }, bed.context()));
      const state = await attempt("getJobState()", session.getJobState(job.id, bed.context()));
      const found = findSecret([started, state], [secret]);
      demand(
        found === undefined,
        "An error contains the value of a secret. Do not put the input of a failed command into its error.",
      );
    },
  },
  {
    id: "transport/unknown-job-was-never-started",
    demand: "A job that nobody started has the state `never-started`, because core then starts it.",
    needs: [],
    async check(start) {
      const bed = await start();
      const state = await (await bed.connect()).getJobState("conformance-unknown", bed.context());
      demand(
        state.state === "never-started",
        `The state of an unknown job is ${JSON.stringify(state)}. Return never-started.`,
      );
    },
  },
  {
    id: "transport/signals-become-exit-codes",
    demand:
      "A job that a signal killed ends with 128 plus its number, because it says whether the kernel killed it.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job("exec sh -c 'kill -KILL $$'");
      await session.start(job, {}, bed.context());
      const { state } = await bed.followToEnd(session, job.id);
      demand(
        state.state === "ended" && state.exitCode === 137,
        `The state of a job that SIGKILL ended is ${JSON.stringify(state)}. Its exit code should be 137.`,
      );
    },
  },
  {
    id: "transport/stop-asks-first",
    demand: "`stop` sends TERM and waits for `graceMs`, because a training saves its last checkpoint then.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const saved = `${bed.subject.folder}/saved`;
      const ready = `${bed.subject.folder}/ready`;
      const script = `trap 'sleep 0.3; echo saved > "$SAVED"; exit 0' TERM; echo 1 > "$READY"; while :; do sleep 0.1; done`;
      const job = bed.job(script, { env: { SAVED: saved, READY: ready } });
      await session.start(job, {}, bed.context());
      await bed.waitForText(ready);
      await expectToSettle("stop()", session.stop(job.id, 8_000, bed.context()));
      demand(
        (await bed.readText(saved)) === "saved\n",
        "The job could not handle TERM before it was killed. Send TERM, and KILL only after graceMs.",
      );
    },
  },
  {
    id: "transport/stop-ends-every-process",
    demand:
      "When `stop` resolves, no process of the job runs, because a hidden one keeps the GPU and the disk.",
    needs: ["commands", "processes"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const pids = `${bed.subject.folder}/pids`;
      const job = bed.job(`trap '' TERM; sleep 300 & echo "$! $$" > "$PIDS"; wait; sleep 300`, {
        env: { PIDS: pids },
      });
      await session.start(job, {}, bed.context());
      const started = (await bed.waitForText(pids)).trim().split(" ").map(Number);
      await expectToSettle("stop()", session.stop(job.id, 400, bed.context()));
      for (const pid of started) {
        demand(
          !(await bed.subject.isProcessAlive?.(pid)),
          `Process ${pid} of a job that ignores TERM still runs after stop(). Send KILL to all once graceMs is over.`,
        );
      }
    },
  },
  {
    id: "transport/stop-is-idempotent",
    demand: "`stop` succeeds for a job that has ended or never started, because core repeats it.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const job = bed.job("exit 0");
      await session.start(job, {}, bed.context());
      await bed.followToEnd(session, job.id);
      for (const id of [job.id, "conformance-unknown"]) {
        const result = await attempt("stop()", session.stop(id, 0, bed.context()));
        demand(
          "value" in result,
          `stop() of a job that does not run failed: ${describeError("error" in result ? result.error : "")}. Do nothing instead.`,
        );
      }
    },
  },
]);
