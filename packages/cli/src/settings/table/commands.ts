import { type Entries, training } from "./entry.ts";
import { choice, list, onOff, positiveInteger, positiveNumber, text } from "./value-types.ts";

const events = { help: "one JSON event per line, from the first event on" };

/** How a run can stand: states and outcomes in one list. */
const runState = choice([
  "active",
  "detached",
  "interrupted",
  "release-unconfirmed",
  "unreadable",
  "over",
  "done",
  "stopped",
  "failed",
]);

/** Flags of single commands. */
export const ofCommands = {
  force: {
    type: onOff(),
    flag: "--force",
    help: "overwrite an existing file",
    group: "Flags",
    commands: ["init"],
  },
  all: {
    type: onOff(),
    flag: "--all",
    help: "all runs, not only the newest 20 finished ones",
    group: "Flags",
    commands: ["runs", "gc"],
    byCommand: { gc: { help: "with --untracked: release all of them" } },
  },
  state: {
    type: list(runState, "a list of states"),
    flag: "--state <state>",
    help: "only runs in this state: active, over, done, failed, … (repeatable)",
    group: "Flags",
    commands: ["runs"],
  },
  since: {
    type: text(),
    flag: "--since <when>",
    help: "only runs started since then: 7d, 12h or 2026-11-01",
    group: "Flags",
    commands: ["runs"],
  },
  limit: {
    type: positiveInteger(),
    flag: "--limit <number>",
    help: "at most this many, the newest first",
    group: "Flags",
    commands: ["runs"],
  },
  follow: {
    type: onOff(),
    flag: "-f, --follow",
    isNegatable: true,
    help: "follow until the run ends; the default on a terminal (--no-follow)",
    group: "Flags",
    commands: ["logs"],
  },
  forward: {
    type: list(text(), "a list of ports"),
    flag: "-L, --forward <port:host:port>",
    help: "forward a port of the machine to this computer, like ssh -L (repeatable)",
    group: "Flags",
    commands: ["ssh"],
  },
  print: {
    type: onOff(),
    flag: "--print",
    help: "print the ssh command instead of running it",
    group: "Flags",
    commands: ["ssh"],
  },
  finish: {
    type: onOff(),
    flag: "--finish",
    help: "let the guardian finish running trainings",
    group: "Flags",
    commands: ["gc"],
  },
  discard: {
    type: onOff(),
    flag: "--discard",
    help: "release at once, and lose models that were not downloaded",
    group: "Flags",
    commands: ["gc"],
  },
  within: {
    type: positiveNumber("minutes"),
    flag: "--within <minutes>",
    help: "time limit for stopping a training and downloading its model",
    default: "10",
    group: "Flags",
    commands: ["gc"],
  },
  untracked: {
    type: onOff(),
    flag: "--untracked",
    help: "also find resources at the provider that have no record here, and ask which to release",
    group: "Flags",
    commands: ["gc"],
  },
  olderThan: {
    type: text(),
    flag: "--older-than <age>",
    help: "only what has been unused for this long: 30d, 12h, 2w, 0",
    default: "30d",
    group: "Flags",
    commands: ["clean"],
  },
  remove: {
    type: onOff(),
    flag: "--remove",
    help: "delete the stored key",
    group: "Flags",
    commands: ["login"],
  },
  json: {
    type: onOff(),
    flag: "--json",
    isRecorded: false,
    help: "print JSON",
    group: "Run",
    commands: [...training, "doctor", "offers", "runs", "attach", "stop", "pull", "ssh", "rm", "gc", "clean"],
    byCommand: {
      plan: { help: "print JSON on stdout" },
      train: { help: "print JSON on stdout, one event per line while training" },
      attach: events,
      stop: events,
      ssh: { help: "with --print: print program, target and configuration file as JSON" },
    },
  },
} as const satisfies Entries;
