/** The compose file as Docker Compose would see it. A key that stands in no schema here is a mistake: no engine checks it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PROJECT } from "./dockerfile.ts";

const Texts = z.array(z.string());
const Environment = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));
const Published = z.string().transform((text, context) => {
  const [, address, host, container] = /^([\d.]+):(\d+):(\d+)$/.exec(text) ?? [];
  if (address !== undefined && host !== undefined && container !== undefined) return { address, host, container };
  context.addIssue({ code: "custom", message: `${text} is not ADDRESS:PORT:PORT` });
  return z.NEVER;
});
const Seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10));

const Service = z.strictObject({
  build: z.strictObject({ context: z.literal("."), target: z.string() }).optional(),
  image: z.string().optional(),
  profiles: Texts.default([]),
  init: z.boolean().optional(),
  command: z.tuple([z.string()], z.string()).optional(),
  user: z.string().optional(),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).default([]),
  environment: Environment.default({}),
  secrets: Texts.default([]),
  volumes: z.array(z.templateLiteral([z.string(), ":", z.string()])).default([]),
  tmpfs: Texts.default([]),
  ports: z.array(Published).default([]),
  network_mode: z.string().optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal("CMD"), z.string()], z.string()),
      interval: Seconds,
      timeout: Seconds,
      retries: z.int(),
    })
    .optional(),
  restart: z.string().optional(),
  stop_grace_period: Seconds.default(10),
  read_only: z.boolean(),
  cap_drop: Texts,
  security_opt: Texts,
  logging: z.strictObject({
    driver: z.string(),
    options: z.strictObject({ "max-size": z.string(), "max-file": z.string() }),
  }),
  deploy: z.strictObject({
    resources: z.strictObject({ limits: z.strictObject({ memory: z.string(), pids: z.int().optional() }) }),
  }),
});

const Compose = z.strictObject({
  services: z.strictObject({ redis: Service, worker: Service, simulator: Service, "demo-worker": Service }),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  "x-ours": z.unknown(),
});

/** `env`: what .env and the shell hold. */
export function readCompose(env: Readonly<Record<string, string>> = {}) {
  const text = readFileSync(join(PROJECT, "docker-compose.yml"), "utf8");
  return Compose.parse(interpolated(parse(text, { merge: true }), env));
}

function interpolated(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item: unknown) => interpolated(item, env));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, env)]));
}

function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:(\$)|\{(\w+):([-+])([^}]*)\}|)/g,
    (all, dollar?: string, name = "", operator?: string, other = "") => {
      if (dollar !== undefined) return dollar;
      if (operator === "+") return env[name] ? other : "";
      if (operator === "-") return env[name] || other;
      throw new Error(`${text}: ${all} is not understood; a dollar of its own is $$`);
    },
  );
}
