import { UnitrainError } from "../spec/index.ts";
import { toAdapterError } from "./boundary.ts";

declare const isProtected: unique symbol;

/**
 * An adapter in the form in which core holds it. A method with a context can only be called through `callAdapter`, because nothing else
 * creates a context. Every other method is synchronous, so it has no deadline; what it throws names the adapter and the method.
 */
export type ProtectedAdapter<T> = T & { readonly [isProtected]: true };

const protectedObjects = new WeakSet<object>();

/** The members that are objects with methods of their own. */
const nestedMembers: ReadonlySet<string> = new Set(["artifacts"]);
/** The methods that return an object with methods of its own: an environment, a reader of progress, a transport. */
const factories: ReadonlySet<string> = new Set(["environment", "progress", "defaultTransport"]);
/** The methods whose answer core uses without awaiting it. */
const synchronousMethods: ReadonlySet<string> = new Set([
  ...factories,
  ...["describe", "estimate", "fitsOffer", "fit", "job", "nextCommands", "listPlannedResources"],
  ...["rank", "alternatives", "isUserFile", "explain", "explainMissing", "versions", "text", "file"],
]);

/** Returns an adapter whose methods throw only errors that name it. The adapter itself is out of reach. */
export function protectAdapter<T extends { readonly name: string }>(adapter: T): ProtectedAdapter<T> {
  return protectObject(adapter, adapter.name) as ProtectedAdapter<T>;
}

function protectObject<T extends object>(target: T, owner: string): T {
  if (protectedObjects.has(target)) return target;
  const result = {};
  for (const key of listMembers(target)) {
    const get = () => protectMember(target, key, owner);
    Object.defineProperty(result, key, { enumerable: true, get });
  }
  protectedObjects.add(result);
  return result as T;
}

/** Lists the names of an object's members with those of its classes, which may be getters. */
function listMembers(target: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: object | null = target; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  return names;
}

function protectMember(target: object, key: string, owner: string): unknown {
  const member: unknown = Reflect.get(target, key);
  if (nestedMembers.has(key) && isObject(member)) return protectObject(member, owner);
  if (typeof member !== "function") return member;
  const call = { adapter: `${owner}.${key}` };
  return (...inputs: unknown[]) => {
    let answer: unknown;
    try {
      answer = member.apply(target, inputs);
      if (synchronousMethods.has(key)) assertNoPromise(answer, call.adapter);
    } catch (error) {
      throw toAdapterError(error, call);
    }
    if (factories.has(key) && isObject(answer))
      return protectObject(answer, "name" in answer ? String(answer.name) : call.adapter);
    return answer;
  };
}

function assertNoPromise(answer: unknown, method: string): void {
  if (!isObject(answer) || !("then" in answer)) return;
  // Its rejection must not end the process.
  if (answer instanceof Promise) answer.catch(() => {});
  throw new UnitrainError("ADAPTER_FAILED", `${method} failed: it returned a promise.`, {
    hint: "This is a bug in the adapter: the method must return its answer itself.",
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
