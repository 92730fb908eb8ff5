import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line, `N passed, N failed`, which machines read and no colour interrupts. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    // a file that does not load and an error outside of every test have no test to count
    const strays = modules.filter((module) => module.errors().length > 0).length + unhandled.length;
    const skipped = states.length - count("passed") - count("failed");
    const end = skipped > 0 ? `, ${skipped} skipped` : "";
    console.log(`\n${count("passed")} passed, ${count("failed") + strays} failed${end}`);
    if (count("passed") === 0) process.exitCode = 1; // every test skipped: nothing was shown
  }
}
