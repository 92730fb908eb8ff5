import type { HandlerContext } from "../../src/core/handler.ts";

/** The functions of a handler's context, for tests that build one. They store nothing. */
export const contextTools: Pick<HandlerContext, "step" | "progress"> = {
  step: async (name, run) => await run(name),
  progress: () => {},
};
