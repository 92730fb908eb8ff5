import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one line without colours, `N passed, N failed`, for machines to read. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    // a file that fails to load, or an error outside of all tests, has no test to count
    const strays = modules.filter((module) => module.errors().length > 0).length + unhandled.length;
    const skipped = states.length - count("passed") - count("failed");
    const end = skipped > 0 ? `, ${skipped} skipped` : "";
    console.log(`\n${count("passed")} passed, ${count("failed") + strays} failed${end}`);
    if (count("passed") === 0) process.exitCode = 1; // all tests were skipped, so nothing was proved
  }
}
