/**
 * Settings whose secrets follow their files: a secret of a `NAME_FILE` is read again while the worker runs, and needs no
 * restart. All other settings stay as they were at the start.
 */
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import { type Config, readConfig } from "../config/config.ts";
import { openSecretFiles } from "../config/secret-files.ts";
import type { Receiver } from "../core/receiver.ts";
import { repeatLater } from "../core/repeat.ts";
import type { Source } from "../core/source.ts";
import type { Env } from "../settings/given.ts";

export type LiveConfig = {
  readonly config: Config;
  /** Reads the files and uses their secrets. Rejects with a `ConfigError` if they have a mistake. Then the old secrets stay. */
  readonly look: (log: Pick<Logger, "info" | "warn">) => Promise<void>;
  /** Looks every few seconds, until `ended` resolves. */
  readonly watch: (log: Logger, ended: Promise<unknown>) => void;
};

type Vendor = Config["vendors"][number];

const LOOK_EVERY_MS = 5_000;

export function readLiveConfig(env: Env): LiveConfig {
  const files = openSecretFiles(env);
  const first = readConfig(env);
  const renewals: (() => Promise<void>)[] = [];
  let now = first;
  return { config: files.count === 0 ? first : withLiveSecrets(), look, watch };

  async function look(log: Pick<Logger, "info" | "warn">): Promise<void> {
    if (!files.haveChanged()) return;
    now = readConfig(env);
    for (const renew of renewals) await renew();
    log.info("secrets were read again, since one of their files has changed");
    if (now.redis.url !== first.redis.url || now.redis.sentinelPassword !== first.redis.sentinelPassword)
      log.warn("the new secret of Redis is used from the next start on: restart this worker before the old one ends");
  }

  function watch(log: Logger, ended: Promise<unknown>): void {
    if (files.count === 0) return;
    const stopping = new AbortController();
    void ended.then(() => stopping.abort());
    const failed = (err: unknown): void => {
      const why = err instanceof ConfigError ? { mistakes: err.mistakes } : { err };
      log.error(why, "a secret's file has changed and cannot be used; the secrets stay as they were");
    };
    void repeatLater(() => look(log), { everyMs: LOOK_EVERY_MS, signal: stopping.signal, failed });
  }

  function withLiveSecrets(): Config {
    const { forward, http, callbacks } = first;
    const { dashboard } = http;
    return {
      ...first,
      vendors: first.vendors.map(withLiveDoors),
      callbacks: {
        ...callbacks,
        get suffixes() {
          return now.callbacks.suffixes;
        },
      },
      ...(forward && {
        forward: {
          ...forward,
          get secrets() {
            return (now.forward ?? forward).secrets;
          },
        },
      }),
      http: {
        ...http,
        ...(dashboard && {
          dashboard: {
            user: dashboard.user,
            get password() {
              return (now.http.dashboard ?? dashboard).password;
            },
          },
        }),
      },
    };
  }

  function withLiveDoors(vendor: Vendor): Vendor {
    return {
      ...vendor,
      openSources: async (log) => await liveSources((fresh) => vendorIn(fresh, vendor).openSources(log)),
      openReceivers: async () => await liveReceivers((fresh) => vendorIn(fresh, vendor).openReceivers()),
    };
  }

  async function liveReceivers(open: (config: Config) => Promise<readonly Receiver[]>): Promise<readonly Receiver[]> {
    let current = await open(now);
    renewals.push(async () => void (current = await open(now)));
    return current.map((receiver, index) => latestOf(() => current[index] ?? receiver));
  }

  /** The sources before the last change may still have calls under way, so they are closed one change later. */
  async function liveSources(open: (config: Config) => Promise<readonly Source[]>): Promise<readonly Source[]> {
    let current = await open(now);
    let before: readonly Source[] = [];
    renewals.push(async () => {
      const next = await open(now);
      for (const source of before) source.close();
      before = current;
      current = next;
    });
    return current.map((source, index) =>
      latestOf(() => current[index] ?? source, {
        close: () => [current[index], before[index]].forEach((one) => one?.close()),
      }),
    );
  }
}

function vendorIn({ vendors }: Config, { name }: Vendor): Vendor {
  const found = vendors.find((vendor) => vendor.name === name);
  if (!found) throw new Error(`${name} is no longer configured`);
  return found;
}

/** An object whose fields and methods are always those of the latest object. */
function latestOf<T extends object>(latest: () => T, own: Partial<T> = {}): T {
  return new Proxy(latest(), {
    get(_, key) {
      const target = key in own ? own : latest();
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
