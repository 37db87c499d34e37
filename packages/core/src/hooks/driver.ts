import type { CallContext, Framework, HookHandler, HookName, Hooks, Phase, Plugin } from "../spec/index.ts";
import { UnitrainError } from "../spec/index.ts";
import { type AnswerCheck, answerChecks } from "./answers.ts";
import type { HookKinds, HooksOfKind } from "./hook-kinds.ts";

/** Calls hooks by their kind. Calling a hook as another kind does not compile. */
export interface HookDriver {
  /** Calls the handlers in order until one returns a value. */
  callFirst<Name extends HooksOfKind<"first">>(
    name: Name,
    input: HookKinds[Name]["input"],
    call: HookCall,
  ): Promise<HookKinds[Name]["output"] | undefined>;
  /** Calls all handlers one after the other and returns their answers in order. */
  callAll<Name extends HooksOfKind<"all">>(
    name: Name,
    input: HookKinds[Name]["input"],
    call: HookCall,
  ): Promise<readonly HookKinds[Name]["output"][]>;
  /** Calls all handlers one after the other, each with the value that the previous one returned. */
  callWaterfall<Name extends HooksOfKind<"waterfall">>(
    name: Name,
    value: HookKinds[Name]["value"],
    call: HookCall,
  ): Promise<HookKinds[Name]["value"]>;
  /** The same, synchronously. Throws if a handler does; the sanitizer then withholds the text. */
  callWaterfallSync<Name extends HooksOfKind<"waterfallSync">>(
    name: Name,
    value: HookKinds[Name]["value"],
  ): HookKinds[Name]["value"];
}

/** How a handler is called: `within` gives it its own context and deadline. */
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
          throw createAnswerError(tap.owner, name, undefined, "it returned no string");
        current = answer;
      }
      return current;
    },
  };
}

/** Orders handlers: those with the order `pre`, the framework's, those without an order, those with `post`; each group in the user's order. */
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
  const add = (owner: string, hooks: Hooks, group: keyof typeof groups) => {
    const handler = hooks[name];
    if (handler !== undefined) groups[group].push({ owner, handler });
  };
  if (framework?.hooks) add(`framework "${framework.name}"`, framework.hooks, "framework");
  for (const plugin of plugins) {
    add(`plugin "${plugin.name}"`, plugin.hooks, plugin.order?.[name] ?? "normal");
  }
  return [...groups.pre, ...groups.framework, ...groups.normal, ...groups.post];
}

/** Freezes an object with everything in it. Functions and typed arrays are not frozen. */
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
