import type { HealthState } from "./health.ts";

/** A running process, as of its last heartbeat. All times are by the inbox's clock. */
export type Replica = {
  readonly name: string;
  readonly version: string;
  readonly roles: readonly string[];
  /** The names of the configured sources. */
  readonly sources: readonly string[];
  readonly startedAt: string;
  readonly seenAt: string;
  /** When a vendor last answered one of its pulls; missing until then, or if it pulls nothing. */
  readonly lastPullAt?: string;
  /** When it last started a handler. */
  readonly lastStartAt?: string;
  /** Its health, and the codes of its problems. */
  readonly state: HealthState;
  readonly problems: readonly string[];
  /** How many events it is running. */
  readonly running: number;
  /** It takes events in but has no handlers, so it does not know their order keys. */
  readonly isWithoutHandlers?: boolean | undefined;
};
