import { exitCodes } from "../exit-code.ts";
import { reportOf } from "../render/error.ts";
import { answerLines } from "../render/talk.ts";
import { reportError } from "../report-error.ts";
import type { Screen } from "../screen/screen.ts";
import type { Surroundings } from "../surroundings.ts";
import { type Interrupts, listenForInterrupts } from "./interrupts.ts";

/** Signals of this process, with what is done about them said on the screen of the run. */
export function interruptsOnScreen(screen: Screen, surroundings: Surroundings, json: boolean): Interrupts {
  return listenForInterrupts(surroundings.signals, {
    answering: (answer, run) => {
      if (answer === "stop" || answer === "stop at once") screen.view.stopping = true;
      screen.say(answerLines(answer, run));
    },
    failed: (error) => reportError(reportOf(error), error, surroundings, json),
    exit: () => {
      screen.close();
      surroundings.exit(exitCodes.interrupted);
    },
  });
}
