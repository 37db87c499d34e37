import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkAdapter } from "@unitrain/core/spec";
import { attempt, demand, demandNoError, describeError, expectToSettle } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import { transportRules } from "../rule.ts";

/** Rules about the adapter, its connections and what it reads about the machine. */
export const connectRules = transportRules([
  {
    id: "transport/has-all-members",
    demand: "The transport has every required member with its type, because core refuses any other object.",
    needs: [],
    async check(start) {
      const { subject } = await start();
      demandNoError(() => checkAdapter("transport", subject.transport));
    },
  },
  {
    id: "transport/recipe-is-json",
    demand: "The recipe is plain JSON, because another process reads it from disk.",
    needs: ["recipe"],
    async check(start) {
      const fault = findJsonFault((await start()).subject.transport.recipe);
      demand(fault === undefined, `In the recipe, ${fault}, which JSON does not keep.`);
    },
  },
  {
    id: "transport/facts-are-usable",
    demand:
      "`facts` returns absolute folders and real figures as JSON, because paths and checks are derived from them.",
    needs: [],
    async check(start) {
      const bed = await start();
      const facts = await (await bed.connect()).facts(bed.context());
      const fault = findJsonFault(facts);
      demand(fault === undefined, `In the facts, ${fault}, which JSON does not keep.`);
      const { home, workFolder, environmentsFolder, cpus, ramBytes } = facts;
      for (const [name, path] of Object.entries({ home, workFolder, environmentsFolder })) {
        demand(
          path.startsWith("/"),
          `${name} is ${JSON.stringify(path)}. Return an absolute path of the machine.`,
        );
      }
      for (const [name, figure] of Object.entries({ cpus, ramBytes })) {
        demand(figure > 0, `${name} is ${figure}. Read the figure from the machine.`);
      }
    },
  },
  {
    id: "transport/unreachable-is-not-ready",
    demand:
      "`connect` returns why a machine cannot be reached instead of throwing, because core shows the reason and tries again.",
    needs: ["unreachable-machine"],
    async check(start) {
      const { subject, context } = await start();
      const { transport, machine, unreachableMachine = machine } = subject;
      const result = await attempt("connect()", transport.connect(unreachableMachine, context()), 60_000);
      demand(
        "value" in result,
        `connect() threw ${describeError("error" in result ? result.error : "")}. Return { ready: false, step, reason }.`,
      );
      const { value } = result;
      demand(
        "ready" in value && value.reason !== "",
        "connect() returned no reason. Return { ready: false, step, reason } with a reason for the user.",
      );
    },
  },
  {
    id: "transport/missing-work-folder-is-not-created",
    demand:
      "A work folder that an earlier connection found is not created again, because an empty one looks like a lost training.",
    needs: ["commands"],
    async check(start) {
      const { subject, context, connect } = await start();
      const workFolder = `${subject.folder}/not mounted`;
      const result = await attempt(
        "connect()",
        subject.transport.connect(subject.machine, context({ workFolder })),
      );
      if ("value" in result && !("ready" in result.value)) {
        await attempt("facts()", result.value.facts(context()));
        await attempt("getJobState()", result.value.getJobState("never-started", context()));
        await result.value[Symbol.asyncDispose]();
      }
      const session = await connect();
      const test = await session.run({ argv: ["test", "-e", workFolder] }, context());
      demand(
        test.exitCode !== 0,
        "connect() created context.workFolder, which was missing. Return that the machine is not ready.",
      );
    },
  },
  {
    id: "transport/closing-twice-is-harmless",
    demand: "A session can be closed twice, because core closes it after an error as well.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      await session[Symbol.asyncDispose]();
      const result = await attempt("close()", Promise.resolve(session[Symbol.asyncDispose]()));
      demand(
        "value" in result,
        `Closing a session twice failed: ${describeError("error" in result ? result.error : "")}. Do nothing the second time.`,
      );
    },
  },
  {
    id: "transport/cut-is-a-lost-connection",
    demand:
      "A call whose connection is cut throws `CONNECTION_LOST`, because core then connects again and repeats the call.",
    needs: ["commands", "cut"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const started = `${bed.subject.folder}/started`;
      const running = attempt(
        "run()",
        session.run(
          { argv: ["sh", "-c", 'echo 1 > "$STARTED"; exec sleep 30'], env: { STARTED: started } },
          bed.context(),
        ),
      );
      await bed.waitForText(started);
      await bed.subject.cut?.();
      const result = await expectToSettle("run(), whose connection was cut,", running);
      const code = "error" in result ? (result.error as { readonly code?: unknown }).code : undefined;
      demand(
        code === "CONNECTION_LOST",
        `After the connection was cut, run() ${"error" in result ? `threw ${describeError(result.error)}` : "returned a result"}. Throw CONNECTION_LOST.`,
      );
    },
  },
  {
    id: "transport/private-key-stays-private",
    demand:
      "`identity` returns a public key, and what it writes into the lease's folder is readable by its user only.",
    needs: ["identity"],
    async check(start) {
      const { subject, context, localFolder } = await start();
      const identity = await subject.transport.identity?.(context());
      demand(
        /^(?:ssh-|ecdsa-|sk-)\S+ \S+/.test(identity?.publicKey ?? ""),
        "identity() returned no public key in OpenSSH format. Return the content of the .pub file.",
      );
      for (const name of await readdir(localFolder)) {
        const { mode } = await stat(join(localFolder, name));
        demand(
          name.endsWith(".pub") || (mode & 0o077) === 0,
          `${name} in the lease's folder has the mode ${(mode & 0o777).toString(8)}. Create it with the mode 600.`,
        );
      }
    },
  },
]);
