import { type Entries, training } from "./entry.ts";
import { choice, list, onOff, positiveInteger, positiveNumber, text } from "./value-types.ts";

const events = { help: "one JSON event a line, from the first on" };

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
    help: "write over a file that is there",
    group: "Flags",
    commands: ["init"],
  },
  all: {
    type: onOff(),
    flag: "--all",
    help: "every run; without it the newest 20 of those that are over",
    group: "Flags",
    commands: ["runs", "gc"],
    byCommand: { gc: { help: "with --untracked: all of them, instead of names" } },
  },
  state: {
    type: list(runState, "a list of states"),
    flag: "--state <state>",
    help: "only runs that stand so: active, over, done, failed and the like (repeatable)",
    group: "Flags",
    commands: ["runs"],
  },
  since: {
    type: text(),
    flag: "--since <when>",
    help: "only runs begun since then: 7d, 12h or 2026-11-01",
    group: "Flags",
    commands: ["runs"],
  },
  limit: {
    type: positiveInteger(),
    flag: "--limit <number>",
    help: "only so many, the newest",
    group: "Flags",
    commands: ["runs"],
  },
  follow: {
    type: onOff(),
    flag: "-f, --follow",
    isNegatable: true,
    help: "go on until the run is over; on a terminal this is so while it lives (--no-follow)",
    group: "Flags",
    commands: ["logs"],
  },
  forward: {
    type: list(text(), "a list of ports"),
    flag: "-L, --forward <port:host:port>",
    help: "bring a port of the machine here, as ssh -L does (repeatable)",
    group: "Flags",
    commands: ["ssh"],
  },
  print: {
    type: onOff(),
    flag: "--print",
    help: "print the ssh command instead, for editors and scripts",
    group: "Flags",
    commands: ["ssh"],
  },
  finish: {
    type: onOff(),
    flag: "--finish",
    help: "leave trainings to the guardian, which goes on to their end",
    group: "Flags",
    commands: ["gc"],
  },
  discard: {
    type: onOff(),
    flag: "--discard",
    help: "release at once; models that were not downloaded are lost",
    group: "Flags",
    commands: ["gc"],
  },
  within: {
    type: positiveNumber("minutes"),
    flag: "--within <minutes>",
    help: "time for stopping a training and its download",
    default: "10",
    group: "Flags",
    commands: ["gc"],
  },
  untracked: {
    type: onOff(),
    flag: "--untracked",
    help: "also what carries our names at the provider and is in no record here: asks which to end",
    group: "Flags",
    commands: ["gc"],
  },
  olderThan: {
    type: text(),
    flag: "--older-than <age>",
    help: "only what was not used for so long: 30d, 12h, 2w, 0",
    default: "30d",
    group: "Flags",
    commands: ["clean"],
  },
  remove: {
    type: onOff(),
    flag: "--remove",
    help: "forget the key that is kept",
    group: "Flags",
    commands: ["login"],
  },
  json: {
    type: onOff(),
    flag: "--json",
    isRecorded: false,
    help: "as JSON",
    group: "Run",
    commands: [...training, "doctor", "offers", "runs", "attach", "stop", "pull", "ssh", "rm", "gc", "clean"],
    byCommand: {
      plan: { help: "for programs: JSON on stdout" },
      train: { help: "for programs: JSON on stdout, an event a line while training" },
      attach: events,
      stop: events,
      ssh: { help: "with --print: program, target and configuration file as JSON" },
    },
  },
} as const satisfies Entries;
