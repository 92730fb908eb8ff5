/** The options and the interface of a running worker. */
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
  /** The user's handlers. Forward and archive are added as configured. */
  readonly handlers: LoadedHandlers;
  readonly log: Logger;
  /** Only for tests, which end the process between two steps. */
  readonly beforeStart?: ((parts: Parts) => void) | undefined;
  /** Only for tests, which wait less. */
  readonly workTerms?: WorkOptions["terms"];
  /** Called before the first handler may run. After that, a sudden end would interrupt handlers. */
  readonly beforeWork?: () => void;
};

export type Parts = {
  readonly inbox: RedisInbox;
  readonly pushInbox: RedisPushInbox;
  readonly sources: readonly Source[];
};

export type App = {
  /** The address of callbacks, probes and metrics. */
  readonly url: string;
  /** The address of the pages. Missing if this process has none. */
  readonly pagesUrl?: string;
  status(): Promise<Status>;
  /** Promise 7: starts nothing new, lets handlers finish, confirms their events. May be called twice. */
  stop(): Promise<void>;
  /** Resolves when the worker has stopped: with an error if it stopped by itself, with nothing if `stop` was called. */
  readonly ended: Promise<Error | undefined>;
};
