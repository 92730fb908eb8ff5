/** The side effects of handlers: their steps, and the sink that takes their events. */
import type { HandlerContext } from "../../../src/core/handler.ts";
import { sleep } from "../../../src/core/sleep.ts";
import type { Link } from "./link.ts";
import { never, type World } from "./world.ts";

type Process = { readonly link: Link };
type StepContext = Pick<HandlerContext, "event" | "signal" | "step">;

/** The effect takes time, and each time has its own result. */
export async function takeStep(
  { link }: Process,
  { met, steps, trace }: World,
  { event: { id }, signal, step }: StepContext,
  name: string,
  ms: number,
): Promise<void> {
  let own: string | undefined;
  const result = await step(name, async () => {
    if (link.dead) return await never<string>();
    trace(`${link.name} begins ${name} of ${id}`);
    steps.begins(id, name);
    await sleep(ms, signal);
    if (link.dead) return await never<string>();
    signal.throwIfAborted();
    return (own = steps.done(id, name));
  });
  if (link.dead) return await never();
  if (own !== result) met(own === undefined ? "a step's result came back" : "a step's result came too late");
  steps.given(id, name, result);
}

export async function pour(
  { link }: Process,
  { nextSink, reference, met, trace }: World,
  { event }: Pick<HandlerContext, "event">,
): Promise<void> {
  const isFine = nextSink();
  await sleep(10);
  if (link.dead) return await never();
  if (isFine) return reference.poured(event);
  trace(`${link.name}: the sink fails`);
  met("sink fails");
  throw new Error("the sink failed");
}
