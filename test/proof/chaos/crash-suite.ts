import { afterAll, describe, test } from "vitest";
import { tryWindow } from "./crash-trial.ts";
import type { CrashWindow } from "./crash-windows.ts";
import type { TriedDoor } from "./doors.ts";

/**
 * One test for each window. They run at the same time, since they mostly wait for a lock or a window to end. An event
 * that is interrupted later takes longer to recover, so those tests begin first.
 */
export function crashSuite(what: string, windows: readonly CrashWindow[], door: TriedDoor): void {
  describe.concurrent(`a worker killed with ${what}`, () => {
    const recovered = new Map<string, number>();

    test.for(windows.toReversed())("$name", { timeout: 180_000 }, async (window) => {
      recovered.set(window.name, await tryWindow(window, door));
    });

    afterAll(() => {
      const lines = windows.flatMap(({ name, runs: [starts, successes] }) => {
        const seconds = ((recovered.get(name) ?? NaN) / 1_000).toFixed(1);
        return recovered.has(name)
          ? [`${name}: started ${starts}x, succeeded ${successes}x, well after ${seconds} s`]
          : [];
      });
      const sum = `killed with ${what}: ${lines.length} of ${windows.length} windows`;
      console.log([sum, ...lines].join("\n  "));
    });
  });
}
