/**
 * `reliable-callback/testing`: events and runs for tests of handlers, without a vendor and without Redis. A handler is run
 * as the worker runs it, by the same code.
 */
export { run, type RunOptions, type RunResult } from "./run.ts";
export { type Call, type Effect, runTwice, type Twice, type TwiceOptions } from "./run-twice.ts";
export { sample, types, type Vendor } from "./samples.ts";
export { type Attempted, createWorker, type Life, type TestWorker, type WorkerOptions } from "./worker.ts";
