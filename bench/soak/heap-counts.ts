/**
 * Counts the live objects of this process by walking its heap through the inspector. The process stops for some tenths
 * of a second.
 */
import { Session } from "node:inspector";
import { z } from "zod";

export const HeapCounts = z.object({
  /** Objects of any kind. */
  objects: z.number(),
  promises: z.number(),
  signals: z.number(),
  emitters: z.number(),
  /** Listeners on all emitters and signals. */
  listeners: z.number(),
  /** All timers, including those that would not keep the process alive. */
  timers: z.number(),
});
export type HeapCounts = z.infer<typeof HeapCounts>;

const Remote = z.object({ objectId: z.string() });

export function createHeapCounter(): () => Promise<HeapCounts> {
  const session = new Session();
  session.connect();

  async function post<T>(method: string, params: object, reply: z.ZodType<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    session.post(method, params, (err, answer) => (err ? reject(err) : resolve(answer)));
    return reply.parse(await promise);
  }

  return async () => {
    const objectGroup = "heap counts";
    try {
      const everything = { expression: "Object.prototype", objectGroup };
      const prototype = await post("Runtime.evaluate", everything, z.object({ result: Remote }));
      const walk = { prototypeObjectId: prototype.result.objectId, objectGroup };
      const { objects } = await post("Runtime.queryObjects", walk, z.object({ objects: Remote }));
      const call = { ...objects, arguments: [objects], functionDeclaration: String(count), returnByValue: true };
      const answer = await post("Runtime.callFunctionOn", call, z.object({ result: z.object({ value: HeapCounts }) }));
      return answer.result.value;
    } finally {
      await post("Runtime.releaseObjectGroup", { objectGroup }, z.unknown());
    }
  };
}

/** The inspector gets the source text, so this function may use nothing else of this file. */
function count(objects: readonly object[]): HeapCounts {
  const { EventEmitter, getEventListeners } = process.getBuiltinModule("node:events");
  const probe = setTimeout(() => {});
  clearTimeout(probe);
  const timer: unknown = Object.getPrototypeOf(probe);
  const counts = { objects: objects.length, promises: 0, signals: 0, emitters: 0, listeners: 0, timers: 0 };
  for (const object of objects) {
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Promise.prototype) counts.promises += 1;
    else if (prototype === timer) counts.timers += 1;
    else if (prototype === AbortSignal.prototype && object instanceof AbortSignal) {
      counts.signals += 1;
      counts.listeners += getEventListeners(object, "abort").length;
    } else if (Object.hasOwn(object, "_events") && object instanceof EventEmitter) {
      counts.emitters += 1;
      for (const name of object.eventNames()) counts.listeners += object.listenerCount(name);
    }
  }
  return counts;
}
