import type { Progress } from "@unitrain/core/spec";
import { demand, demandNoError } from "../../suite/demand.ts";
import { hostileTexts } from "../checks.ts";
import { frameworkRules } from "../rule.ts";
import { findLastEpoch, findShownEpoch } from "../testbed.ts";

/** Rules about reading the progress of a training. */
export const progressRules = frameworkRules([
  {
    id: "framework/log-shows-the-epochs",
    demand:
      "The progress reader finds each epoch of a recorded log, read line by line, because the screen and the budget depend on it.",
    needs: ["log"],
    async check(start) {
      const { framework, log = "", epochs } = (await start()).subject;
      const last = findShownEpoch(readByLines(framework.progress(), log));
      demand(last === epochs, `The last epoch of the log was ${last} instead of ${epochs}.`);
    },
  },
  {
    id: "framework/log-may-come-at-once",
    demand:
      "A log that is read at once shows the same epochs as line by line, because a resumed run reads hours in one call.",
    needs: ["log"],
    async check(start) {
      const { framework, log = "" } = (await start()).subject;
      const byLines = findShownEpoch(readByLines(framework.progress(), log));
      const atOnce = findShownEpoch(framework.progress().text(log));
      demand(
        atOnce === byLines,
        `Read at once, the last epoch was ${atOnce}; line by line it was ${byLines}. Read every line of a text.`,
      );
    },
  },
  {
    id: "framework/watched-files-show-the-epochs",
    demand:
      "The progress reader finds each epoch in the watched files, because the log may be cut or silent.",
    needs: ["watched-files"],
    async check(start) {
      const { framework, watched = {}, epochs } = (await start()).subject;
      const reader = framework.progress();
      const progress = Object.entries(watched).flatMap(([path, content]) => reader.file(path, content));
      const last = findLastEpoch(progress);
      demand(
        last === epochs,
        `The last complete epoch of the watched files was ${last} instead of ${epochs}.`,
      );
    },
  },
  {
    id: "framework/progress-survives-any-text",
    demand:
      "A reader throws for no text and returns only finite figures, because a training prints anything.",
    needs: [],
    async check(start) {
      const { framework } = (await start()).subject;
      for (const text of hostileTexts) {
        demandNoError(() => {
          const reader = framework.progress();
          const progress = [...reader.text(text), ...reader.file("results.csv", text)];
          const figures = progress.flatMap(({ done, metrics }) => [done, ...Object.values(metrics)]);
          demand(
            figures.every(Number.isFinite),
            `For ${JSON.stringify(text.slice(0, 60))}, the progress has the figures ${figures.join(", ")}.`,
          );
        });
      }
    },
  },
  {
    id: "framework/readers-are-independent",
    demand:
      "Each call of `progress` returns a reader without memory of others, because several runs are followed in one process.",
    needs: ["log"],
    async check(start) {
      const { framework, log = "" } = (await start()).subject;
      const first = readByLines(framework.progress(), log).length;
      const second = readByLines(framework.progress(), log).length;
      demand(
        second === first,
        `A second reader returned ${second} parts of progress instead of ${first}. Keep no state outside the reader.`,
      );
    },
  },
  {
    id: "framework/shown-metrics-exist",
    demand:
      "The metric that decides is in the progress of a complete epoch, because the best epoch is found by it.",
    needs: ["shown-metrics"],
    async check(start) {
      const { framework, log = "", watched = {} } = (await start()).subject;
      const reader = framework.progress();
      const progress = [
        ...readByLines(reader, log),
        ...Object.entries(watched).flatMap(([path, content]) => reader.file(path, content)),
      ];
      const names = new Set(
        progress.filter(({ complete }) => complete).flatMap(({ metrics }) => Object.keys(metrics)),
      );
      const key = framework.describe().metrics?.deciding?.key;
      demand(
        key === undefined || names.has(key),
        `The deciding metric ${key} is not in the progress, which has ${[...names].join(", ")}.`,
      );
    },
  },
]);

function readByLines(reader: { text(lines: string): readonly Progress[] }, log: string): readonly Progress[] {
  return (log.match(/[^\n]*\n|[^\n]+$/g) ?? []).flatMap((line) => reader.text(line));
}
