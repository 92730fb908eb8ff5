import type { HandlerContext } from "../../src/core/handler.ts";

/** What a handler may call, for contexts that a test makes by itself: nothing is kept. */
export const contextTools: Pick<HandlerContext, "step" | "progress"> = {
  step: async (name, run) => await run(name),
  progress: () => {},
};
