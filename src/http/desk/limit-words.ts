/**
 * A person's limits of a handler over all replicas. They also work for a handler without limits in its code, and can
 * hold all its events.
 */
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import { z } from "zod";
import { LimitError } from "../../core/errors.ts";
import type { GateWord } from "../../core/limits.ts";
import { type HttpEnv, peerOf } from "../access/guard.ts";
import { formOf } from "./form.ts";

export type LimitHandler = (handler: string, word: GateWord) => Promise<void>;

/** An empty field removes that limit. */
function numberOr(schema: z.ZodType<number, number>) {
  return z.union([z.literal("").transform(() => null), z.string().transform(Number).pipe(schema)]).exactOptional();
}

const YES_OR_NO = { yes: true, no: null } as const;

const Asked = z.object({
  /** Its vendor and type, as `on` names them. */
  handler: z
    .string()
    .regex(/^\S+ \S.*$/)
    .max(512),
  paused: z
    .enum(["yes", "no"])
    .transform((said) => YES_OR_NO[said])
    .exactOptional(),
  concurrency: numberOr(z.number().int().min(1).max(100_000)),
  perSecond: numberOr(z.number().positive().max(100_000)),
  minutes: numberOr(z.number().positive().max(527_040)),
});

/** The request of a script. A form without a browser's headers is refused. */
const AsJson = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const USAGE =
  'Send JSON: {"handler":"VENDOR TYPE"} with "paused": true or false, "concurrency": N, "perSecond": N, "minutes": N for which it holds; null takes one back.\n';

export function limitWords({ limit, log }: { readonly limit: LimitHandler; readonly log: Logger }): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post("/handlers/limit", async (c: Context<HttpEnv>) => {
    const asked = Asked.safeParse(await fieldsOf(c));
    if (!asked.success) return c.text(USAGE, 400);
    const { handler, minutes, ...limits } = asked.data;
    if (Object.keys(limits).length === 0) return c.text(USAGE, 400);
    // Without a time, the limit applies until a person removes it.
    const until = minutes ? Date.now() + minutes * 60_000 : null;
    try {
      await limit(handler, { ...limits, until });
    } catch (err) {
      if (!(err instanceof LimitError)) throw err;
      return c.text(`Refused: ${err.message}.\n`, 400);
    }
    log.warn({ handler, ...limits, minutes, address: peerOf(c) }, "a handler was limited by hand");
    return c.text("Every process applies it with its next heartbeat, within five seconds.\n");
  });
  return app;
}

async function fieldsOf(c: Context<HttpEnv>): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) return await formOf(c);
  const { data = {} } = AsJson.safeParse(await c.req.json().catch(() => undefined));
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: string | number | boolean | null): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null ? "" : String(value);
}
