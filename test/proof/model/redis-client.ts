import type { Redis } from "ioredis";
import { z } from "zod";
import type { Acceptance, Settlement } from "../../../src/core/inbox.ts";
import type { Limited } from "../../../src/core/limits.ts";
import { type ScriptKind, scriptText } from "../../../src/ledger/scripts.ts";
import type { Link } from "./link.ts";
import type { Answered, Seen, Standing } from "./store.ts";
import type { VirtualTime } from "./virtual-time.ts";

type Options = {
  readonly link: Link;
  readonly seen: Seen;
  /** The store's clock. */
  readonly now: () => number;
  readonly real: VirtualTime["outside"];
  readonly standing: (confirmation: Answered) => Promise<Standing>;
};

const NAMES = [
  "place",
  "turn",
  "accept",
  "quiet",
  "mark",
  "leave",
  "note-success",
  "settle",
  "extending",
  "extend",
  "discard",
  "end-handled",
  "crashes",
  "claim-step",
  "keep-step",
  "gate-enter",
  "gate-leave",
  "gate-end",
  "gate-look",
] as const;
const SCRIPTS = new Map(
  NAMES.flatMap((name) =>
    kindsOf(name).map((kind) => {
      const source = scriptText(kind, name);
      return [source, { name, source: onModelTime(source) }] as const;
    }),
  ),
);
const Verdict = z.enum(["add", "renew", "park", "confirm", "skip"]) satisfies z.ZodType<Acceptance["verdict"]>;
const Verdicts = z.tuple([z.number(), z.string()], z.tuple([Verdict, z.string()], z.unknown()));
const Outcome = z.enum(["confirmed", "presumed", "dead"]) satisfies z.ZodType<Settlement>;
const Discard = z.tuple([z.enum(["given up", "removed", "handled", "none"])], z.unknown());
const Entered = z.tuple([z.enum(["go", "later", "held"])], z.unknown());
const Ways = z.enum(["done", "rest", "back"]);
const Marks = z.array(z.tuple([z.number()], z.unknown()));

/**
 * One replica's connection. Our scripts and the job's flag go through its link, on the model's clock. BullMQ's own
 * commands go straight to Redis.
 */
export function travelling(redis: Redis, { link, seen, now, real, standing }: Options): Redis {
  const own: Readonly<Record<PropertyKey, unknown>> = {
    /** Redis always answers that it does not know the script, so the client sends the source. */
    evalsha: () => Promise.reject(new Error("NOSCRIPT")),
    eval(source: string, keys: number, ...keysAndArgs: readonly (string | number)[]) {
      const script = SCRIPTS.get(source);
      if (!script) throw new Error("the model does not know this script");
      return link.call(script.name === "leave" ? "ran" : script.name, async () => {
        const [scope, args] = [keysAndArgs.slice(0, keys), keysAndArgs.slice(keys)];
        const answers = script.name === "settle" ? answersOf(args.map(String)) : [];
        const before = await Promise.all(answers.map(({ confirmation }) => standing(confirmation)));
        const reply = await real(() => redis.eval(script.source, keys + 1, ...scope, now(), ...args));
        see(script.name, args.map(String), reply);
        for (const [index, { confirmation, outcome }] of answers.entries())
          seen.answered(confirmation, outcome, before[index] ?? "over", await standing(confirmation));
        return reply;
      });
    },
    /** Scripts with flags ask for the version. */
    info: () => Promise.resolve("redis_version:7.0.0"),
    hmget: (key: string, ...fields: string[]) => link.call("held", () => real(() => redis.hmget(key, ...fields))),
    time: () => Promise.resolve([Math.floor(now() / 1_000), (now() % 1_000) * 1_000]),
    hget: (key: string, field: string) => link.call("ran", () => real(() => redis.hget(key, field))),
  };
  return new Proxy(redis, {
    get: (target, name) => own[name] ?? Reflect.get(target, name, target),
  });

  function see(name: (typeof NAMES)[number], args: readonly string[], reply: unknown): void {
    if (name === "quiet") seen.quiet(z.number().parse(reply));
    if (name === "accept") {
      const [, , ...rows] = Verdicts.parse(reply);
      const deliveries = rowsOf(args.slice(12), 9);
      seen.accepted(
        rows.map(([verdict, id], index) => {
          const [fingerprint = "", receipt = ""] = deliveries[index] ?? [];
          return { receipt, fingerprint, verdict, id };
        }),
        link,
      );
    }
    if (name === "mark")
      for (const [index, [stored]] of Marks.parse(reply).entries()) {
        const [source = "", fingerprint = "", id = "", ran] = rowsOf(args.slice(2), 7)[index] ?? [];
        seen.marked({ id, fingerprint, source }, ran === "1", stored === 1, link);
      }
    if (name === "end-handled" && reply === 1) {
      const [source = "", fingerprint = "", id = ""] = args;
      seen.ended({ id, fingerprint, source }, link);
    }
    if (name === "discard") {
      const [source = "", fingerprint = "", id = ""] = args;
      const [outcome] = Discard.parse(reply);
      seen.discarded({ id, fingerprint, source }, outcome, link);
    }
    if (name === "keep-step" && reply === "stored") {
      const [, id = "", step = "", , what, result = ""] = args;
      if (what === "store") seen.stepKept(id, step, result);
    }
    if (name === "gate-enter") {
      const [limits = "", id = "", key = ""] = args;
      const [kind] = Entered.parse(reply);
      seen.entered({ id }, limitedOf(limits, key), kind, now());
    }
    if (name === "gate-leave") seen.left(args[1] ?? "", Ways.parse(args[2]));
    if (name === "extend") seen.extended(args[4] ?? "", Number(args[7]));
  }
}

function kindsOf(name: (typeof NAMES)[number]): readonly ScriptKind[] {
  if (name === "turn") return ["shared"];
  if (name === "accept") return ["source", "gate"];
  return [name.startsWith("gate-") ? "gate" : "source"];
}

/** Reads the answers from the arguments of a settlement. */
function answersOf(args: readonly string[]): { readonly confirmation: Answered; readonly outcome: Settlement }[] {
  return rowsOf(args.slice(2), 6).map(([source = "", fingerprint = "", id = "", receipt = "", outcome]) => ({
    confirmation: { source, fingerprint, id, receipt },
    outcome: Outcome.parse(outcome),
  }));
}

/** Parses the limits like the script does. */
function limitedOf(text: string, key: string): Limited {
  const [, perSecond = "0"] = text.split(" ");
  const limits = { name: text, isOrdered: key !== "", ...(perSecond !== "0" && { perSecond: Number(perSecond) }) };
  return { limits, ...(key !== "" && { key }) };
}

function rowsOf(args: readonly string[], width: number): readonly (readonly string[])[] {
  return Array.from({ length: args.length / width }, (_, index) => args.slice(index * width, (index + 1) * width));
}

/** Adds the clock as one more key, and lets keys expire by that clock. */
function onModelTime(source: string): string {
  const clock = "redis.call('TIME')";
  const nowLine = /^local now = .*$/m;
  if (!source.includes(clock) || !nowLine.test(source)) throw new Error("clock.lua does not read its clock as it did");
  return source
    .replace(clock, "{ math.floor(KEYS[#KEYS] / 1000), KEYS[#KEYS] % 1000 * 1000 }")
    .replace(
      nowLine,
      (line) => `${line}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1] .. 'model', '-inf', '(' .. now)) do
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[1] .. 'model', key)
end`,
    )
    .replaceAll(/redis\.call\('PEXPIRE', ([^,]+), (\w+)\)/g, "redis.call('ZADD', KEYS[1] .. 'model', now + $2, $1)");
}
