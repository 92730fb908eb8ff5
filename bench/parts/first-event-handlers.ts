/** Prints the time from the first event's sending to its handler. */
import { now } from "../kit/serve.ts";
import type { Handler } from "../../src/core/handler.ts";

const handlers: readonly Handler[] = [
  {
    vendor: "*",
    type: "*",
    run({ event }) {
      console.log(JSON.stringify({ firstAfterMs: now() - Number(event.body["SentAt"]) }));
    },
  },
];

export default handlers;
