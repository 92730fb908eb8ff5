/**
 * The eight windows between two steps in the life of a pulled event, and the state that must hold when the process died
 * in each. `runs`: how often the handler started, and how often it succeeded, by the end.
 */
import type { CrashPoint } from "./crash-points.ts";

/** The state of the only event. */
export type Situation = {
  readonly record: "pending" | "handled" | undefined;
  readonly job: "wait" | "active" | "completed" | undefined;
  readonly runs: readonly [starts: number, successes: number];
  readonly confirmed: boolean;
};

export type CrashWindow = {
  readonly name: string;
  /** Missing where the test kills the process from outside, as `crash` says. */
  readonly at?: CrashPoint;
  readonly roles?: string;
  readonly atDeath: Situation;
  readonly runs: readonly [starts: number, successes: number];
};

const NEVER = [0, 0] as const;
const BEGUN = [1, 0] as const;
const ONCE = [1, 1] as const;

export const INSIDE_THE_HANDLER = "inside the handler";
export const CONFIRMED_UNHEARD = "after the confirmation took effect, before its answer";

export const PULL_WINDOWS: readonly CrashWindow[] = [
  {
    name: "after the pull, before the event is stored",
    at: "after the pull",
    atDeath: { record: undefined, job: undefined, runs: NEVER, confirmed: false },
    runs: ONCE,
  },
  {
    name: "after the event was stored with its job, before the job starts",
    at: "after it was taken in",
    roles: "pull",
    atDeath: { record: "pending", job: "wait", runs: NEVER, confirmed: false },
    runs: ONCE,
  },
  {
    name: INSIDE_THE_HANDLER,
    atDeath: { record: "pending", job: "active", runs: BEGUN, confirmed: false },
    runs: [2, 1],
  },
  {
    name: "after the handler succeeded, before the success is stored",
    at: "after the handler",
    atDeath: { record: "pending", job: "active", runs: ONCE, confirmed: false },
    runs: [2, 2],
  },
  {
    name: "after the success was stored, before the job completes",
    at: "after the success was stored",
    atDeath: { record: "handled", job: "active", runs: ONCE, confirmed: false },
    runs: ONCE,
  },
  {
    name: "after the job completed, before the confirmation is sent",
    at: "before the confirmation",
    atDeath: { record: "handled", job: "completed", runs: ONCE, confirmed: false },
    runs: ONCE,
  },
  {
    name: CONFIRMED_UNHEARD,
    atDeath: { record: "handled", job: "completed", runs: ONCE, confirmed: true },
    runs: ONCE,
  },
  {
    name: "after the confirmation was answered, before the answer is stored",
    at: "after the confirmation's answer",
    atDeath: { record: "handled", job: "completed", runs: ONCE, confirmed: true },
    runs: ONCE,
  },
];

/** The windows of a pushed event. The 200 answer takes the place of the confirmation. */
export const PUSH_WINDOWS: readonly CrashWindow[] = [
  {
    name: "after the event was reserved, before its job is added",
    at: "after the push was reserved",
    atDeath: { record: undefined, job: undefined, runs: NEVER, confirmed: false },
    runs: ONCE,
  },
  {
    name: "after the job was added, before the reservation says so",
    at: "after the push became a job",
    roles: "http",
    atDeath: { record: undefined, job: "wait", runs: NEVER, confirmed: false },
    runs: ONCE,
  },
  {
    name: "after the reservation says so, before the 200",
    at: "before the answer to the push",
    roles: "http",
    atDeath: { record: undefined, job: "wait", runs: NEVER, confirmed: false },
    runs: ONCE,
  },
  {
    name: INSIDE_THE_HANDLER,
    atDeath: { record: undefined, job: "active", runs: BEGUN, confirmed: true },
    runs: [2, 1],
  },
  {
    name: "after the handler succeeded, before the success is stored",
    at: "after the handler",
    atDeath: { record: undefined, job: "active", runs: ONCE, confirmed: true },
    runs: [2, 2],
  },
  {
    name: "after the success was stored, before the job completes",
    at: "after the success was stored",
    atDeath: { record: undefined, job: "active", runs: ONCE, confirmed: true },
    runs: ONCE,
  },
];
