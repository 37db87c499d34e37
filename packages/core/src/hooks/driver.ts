import type {
  CallContext,
  Framework,
  HookHandler,
  HookKinds,
  HookName,
  Hooks,
  HooksOfKind,
  Phase,
  Plugin,
} from "../spec/index.ts";
import { UnitrainError } from "../spec/index.ts";
import { type AnswerCheck, answerChecks } from "./answers.ts";

/** Calls hooks by their kind: calling one as another kind does not compile. */
export interface HookDriver {
  /** Asks in order until one answers. */
  callFirst<Name extends HooksOfKind<"first">>(
    name: Name,
    input: HookKinds[Name]["input"],
    call: HookCall,
  ): Promise<HookKinds[Name]["output"] | undefined>;
  /** Every one, in series; the answers in order. */
  callAll<Name extends HooksOfKind<"all">>(
    name: Name,
    input: HookKinds[Name]["input"],
    call: HookCall,
  ): Promise<readonly HookKinds[Name]["output"][]>;
  /** Each is given what the one before returned. */
  callWaterfall<Name extends HooksOfKind<"waterfall">>(
    name: Name,
    value: HookKinds[Name]["value"],
    call: HookCall,
  ): Promise<HookKinds[Name]["value"]>;
  /** Throws when a handler does: the sanitizer then withholds the text. */
  callWaterfallSync<Name extends HooksOfKind<"waterfallSync">>(
    name: Name,
    value: HookKinds[Name]["value"],
  ): HookKinds[Name]["value"];
}

/** How a handler is called: in which phase, with a deadline and context of its own. */
export interface HookCall {
  readonly phase: Phase;
  readonly within: <T>(adapter: string, handler: (context: CallContext) => Promise<T> | T) => Promise<T>;
}

interface Tap {
  readonly owner: string;
  readonly handler: (...inputs: never[]) => unknown;
}

export function createHookDriver(plugins: readonly Plugin[], framework?: Framework): HookDriver {
  const listTaps = (name: HookName) => orderTaps(plugins, framework, name);
  const callTap = async <T>(
    name: HookName,
    tap: Tap,
    input: unknown,
    call: HookCall,
  ): Promise<T | undefined> => {
    const handler = tap.handler as (input: unknown, context: CallContext) => unknown;
    const answer = await call
      .within(`${tap.owner}, hook ${name},`, async (context) => await handler(freezeData(input), context))
      .catch((error) => {
        throw createHookError(tap.owner, name, call.phase, error);
      });
    const check: AnswerCheck = answerChecks[name];
    const fault = check(answer);
    if (fault !== undefined) throw createAnswerError(tap.owner, name, call.phase, fault);
    return answer as T | undefined;
  };
  return {
    async callFirst(name, input, call) {
      for (const tap of listTaps(name)) {
        const answer = await callTap<HookKinds[typeof name]["output"]>(name, tap, input, call);
        if (answer !== undefined && answer !== null) return answer;
      }
      return undefined;
    },
    async callAll(name, input, call) {
      const answers = [];
      for (const tap of listTaps(name)) {
        const answer = await callTap<HookKinds[typeof name]["output"]>(name, tap, input, call);
        if (answer !== undefined) answers.push(answer);
      }
      return answers;
    },
    async callWaterfall(name, value, call) {
      let current = value;
      for (const tap of listTaps(name)) {
        current = (await callTap<HookKinds[typeof name]["value"]>(name, tap, current, call)) ?? current;
      }
      return current;
    },
    callWaterfallSync(name, value) {
      let current = value;
      for (const tap of listTaps(name)) {
        const answer = (tap.handler as HookHandler<"sanitize">)(current);
        if (typeof answer !== "string")
          throw createAnswerError(tap.owner, name, undefined, "it returned no text");
        current = answer;
      }
      return current;
    },
  };
}

/** `pre` plugins, the framework, the other plugins, `post` plugins; each group in the user's order. */
function orderTaps(
  plugins: readonly Plugin[],
  framework: Framework | undefined,
  name: HookName,
): readonly Tap[] {
  const groups: Record<"pre" | "framework" | "normal" | "post", Tap[]> = {
    pre: [],
    framework: [],
    normal: [],
    post: [],
  };
  const add = (owner: string, hooks: Hooks, group: "framework" | undefined) => {
    const hook = hooks[name];
    if (hook === undefined) return;
    if (typeof hook === "function")
      groups[group ?? "normal"].push({ owner, handler: hook as Tap["handler"] });
    else groups[group ?? hook.order].push({ owner, handler: hook.handler as Tap["handler"] });
  };
  if (framework?.hooks) add(`framework "${framework.name}"`, framework.hooks, "framework");
  for (const plugin of plugins) add(`plugin "${plugin.name}"`, plugin.hooks, undefined);
  return [...groups.pre, ...groups.framework, ...groups.normal, ...groups.post];
}

/** Plain data is frozen all the way; what has behaviour (a manifest, a session's `run`) only on its surface. */
function freezeData<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return value;
  for (const entry of Object.values(value)) freezeData(entry);
  return Object.freeze(value);
}

function createHookError(owner: string, name: HookName, phase: Phase, error: unknown): UnitrainError {
  const message = error instanceof Error ? error.message : String(error);
  return new UnitrainError("HOOK_FAILED", `${owner}, hook ${name}: ${message}`, {
    hint: UnitrainError.isInstance(error) && error.hint ? error.hint : "Fix the plugin, or run without it.",
    phase,
    adapter: owner,
    cause: error,
  });
}

function createAnswerError(
  owner: string,
  name: HookName,
  phase: Phase | undefined,
  fault: string,
): UnitrainError {
  return new UnitrainError("HOOK_FAILED", `${owner}, hook ${name}: ${fault}.`, {
    hint: "Fix the plugin, or run without it.",
    phase,
    adapter: owner,
  });
}
