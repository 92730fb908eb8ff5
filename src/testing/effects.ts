/** Records the effects of handlers: calls of `fetch`, calls of the objects that a test names, and steps. */
import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import type { StepStore } from "../core/step-store.ts";

/** `with`: the sent or passed value, as text. */
export type Call = { readonly what: string; readonly with: string };

type Restore = () => void;
export type Tell = (call: Call | Promise<Call>) => void;

/** The watched objects, by the name under which their calls are reported. */
export type Watched = Readonly<Record<string, object>>;

/** Resolves with the calls that `act` made. */
export async function watchCalls(watched: Watched, act: (tell: Tell) => Promise<void>): Promise<readonly Call[]> {
  const calls: Promise<Call>[] = [];
  const tell: Tell = (call) => void calls.push(Promise.resolve(call));
  const restores = [watchFetch(tell), ...Object.entries(watched).map(([name, object]) => watch(name, object, tell))];
  try {
    await act(tell);
  } finally {
    for (const restore of restores) restore();
  }
  return await Promise.all(calls);
}

/** A step whose result is stored does not run and is not recorded. */
export function watchSteps(steps: StepStore, tell: Tell): StepStore {
  return {
    ...steps,
    async claim(step, ranForMs) {
      const claim = await steps.claim(step, ranForMs);
      if (claim.kind === "claimed") tell({ what: `step ${step.name}`, with: "" });
      return claim;
    },
  };
}

function watchFetch(tell: Tell): Restore {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    tell(callOf(input, init));
    return await real(input, init);
  };
  return () => {
    globalThis.fetch = real;
  };
}

async function callOf(input: string | URL | Request, init: RequestInit = {}): Promise<Call> {
  const request = input instanceof Request ? input.clone() : undefined;
  const method = (init.method ?? request?.method ?? "GET").toUpperCase();
  const headers = [...new Headers(init.headers ?? request?.headers)].map(([name, value]) => `${name}: ${value}`);
  const body = init.body ?? (request?.body ? await request.text() : undefined);
  const url = input instanceof Request ? input.url : input.toString();
  return { what: `${method} ${url}`, with: [...headers, ...(body ? [textOf(body)] : [])].join("\n") };
}

/** Replaces the object's functions with recording ones, until they are restored. */
function watch(name: string, object: object, tell: Tell): Restore {
  const methods = methodsOf(object);
  if (methods.size === 0 || !Object.isExtensible(object))
    throw new TypeError(`watch.${name}: its functions cannot be watched; pass an object that has them, as { ${name} }`);
  const restores = [...methods].map(([key, method]) => {
    const own = Object.getOwnPropertyDescriptor(object, key);
    const value = function told(this: unknown, ...args: readonly unknown[]): unknown {
      tell(named(`${name}.${key}`, args));
      return Reflect.apply(method, this, args);
    };
    Object.defineProperty(object, key, { value, configurable: true, writable: true });
    return () => (own ? Object.defineProperty(object, key, own) : Reflect.deleteProperty(object, key));
  });
  return () => {
    for (const restore of restores) restore();
  };
}

/** Its own methods and those of its classes, without those of EventEmitter and without names that begin with `_`. */
function methodsOf(object: object): ReadonlyMap<string, (...args: never) => unknown> {
  const methods = new Map<string, (...args: never) => unknown>();
  for (
    let at = object;
    at && at !== Object.prototype && at !== EventEmitter.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === "function" && key !== "constructor" && !key.startsWith("_") && !methods.has(key))
        methods.set(key, value);
  }
  return methods;
}

/** A text as first argument, such as an SQL statement, becomes part of the name. */
function named(name: string, args: readonly unknown[]): Call {
  const [first, ...rest] = args;
  if (typeof first !== "string") return { what: name, with: args.map(textOf).join(", ") };
  return { what: `${name} ${first.replaceAll(/\s+/g, " ").trim()}`, with: rest.map(textOf).join(", ") };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return inspect(value, {
    depth: 20,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
    sorted: true,
  });
}
