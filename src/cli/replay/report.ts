/** Prints progress to stderr, and the totals to stdout. */
import type { CallbackEvent } from "../../core/event.ts";
import { plural, print, visible } from "../terminal.ts";
import type { Ran } from "./run.ts";

const SHOWN = 20;
/** A terminal gets progress often. A log file gets it rarely. */
const EVERY_MS = process.stderr.isTTY ? 1_000 : 10_000;

type Sum = { handled: number; failed: number };

export function createReport(count: number) {
  const began = performance.now();
  const sums = new Map<string, Sum>();
  const failures: string[] = [];
  let [listed, done, toldAt] = [0, 0, began];

  return { list, tellListed, ran, summary };

  function list({ id, vendor, type, receivedAt }: CallbackEvent): void {
    sumOf(vendor, type).handled += 1;
    if (listed++ < SHOWN) print(visible(`${receivedAt}  ${vendor} ${type}  ${id}`));
  }

  function tellListed(): void {
    if (listed > SHOWN) print(`... and ${listed - SHOWN} more`);
    print("");
    for (const [type, { handled }] of sums) print(visible(`${handled}  ${type}`));
    print(`${plural(listed, "event")} would run; nothing was run`);
  }

  function ran({ event: { id, vendor, type }, failure }: Ran): void {
    done += 1;
    sumOf(vendor, type)[failure === undefined ? "handled" : "failed"] += 1;
    if (failure !== undefined) failures.push(`${id}  ${vendor} ${type}: ${failure}`);
    if (performance.now() - toldAt < EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${done} of ${count}, ${failures.length} failed\n`);
  }

  /** Returns how many events failed. */
  function summary(): number {
    for (const line of failures.slice(0, SHOWN)) print(visible(`failed  ${line}`));
    if (failures.length > SHOWN) print(`... and ${failures.length - SHOWN} more`);
    for (const [type, { handled, failed }] of sums) print(visible(`${type}: ${handled} handled, ${failed} failed`));
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    print(
      `${done} of ${plural(count, "event")} in ${seconds} s: ${done - failures.length} handled, ${failures.length} failed`,
    );
    return failures.length;
  }

  function sumOf(vendor: string, type: string): Sum {
    const name = `${vendor} ${type}`;
    const sum = sums.get(name) ?? { handled: 0, failed: 0 };
    sums.set(name, sum);
    return sum;
  }
}
