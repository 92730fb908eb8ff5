/** What a running worker is given, and what it offers. */
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Source } from "../core/source.ts";
import type { Status } from "../http/probes/status-contract.ts";
import type { RedisInbox } from "../queue/inbox.ts";
import type { RedisPushInbox } from "../queue/push-inbox.ts";
import type { LoadedHandlers } from "./load-handlers.ts";
import type { WorkOptions } from "./work.ts";

export type AppOptions = {
  readonly config: Config;
  /** What the user wrote; forward and archive are added as configured. */
  readonly handlers: LoadedHandlers;
  readonly log: Logger;
  /** For tests, which end the process between two steps of its parts. */
  readonly beforeStart?: ((parts: Parts) => void) | undefined;
  /** For tests, which have less time. */
  readonly workTerms?: WorkOptions["terms"];
  /** Called before the first handler may run. From then on a sudden end would interrupt handlers. */
  readonly beforeWork?: () => void;
};

export type Parts = {
  readonly inbox: RedisInbox;
  readonly pushInbox: RedisPushInbox;
  readonly sources: readonly Source[];
};

export type App = {
  /** Where callbacks, health and metrics answer. */
  readonly url: string;
  /** Where the pages answer; missing where this process has none. */
  readonly pagesUrl?: string;
  status(): Promise<Status>;
  /** Promise 7: starts nothing new, lets handlers finish, sends their receipts. May be called twice. */
  stop(): Promise<void>;
  /** Resolves when the worker has stopped: with an error if it stopped by itself, with nothing if it was asked to. */
  readonly ended: Promise<Error | undefined>;
};
