import { defineConfig } from "vitest/config";
import { OTHERS, UNIT } from "./test/support/lanes.ts";
import LongestFirst from "./test/support/longest-first.ts";

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/count-reporter.ts"],
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 60_000,
    // on a fresh machine a hook may have to install a browser first
    hookTimeout: 300_000,
    // as test/support/patient-waits.ts for the other waits
    expect: { poll: { timeout: 30_000 } },
    // those that say that they may run side by side mostly wait
    maxConcurrency: 6,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: UNIT.name,
          include: [...UNIT.include],
          exclude: [...UNIT.exclude],
          setupFiles: ["test/support/no-processes.ts", "test/support/side-by-side.ts"],
          provide: { redis: { trouble: "a unit test has no Redis: name its file NAME.redis.test.ts" } },
          // a process for each file would cost four times as much as the tests; Node reads the sources as in production
          isolate: false,
          experimental: { viteModuleRunner: false },
          // more than cores, here and below: some tests wait, further down for windows and locks to end
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      ...OTHERS.map(({ name, include }) => ({
        extends: true as const,
        test: {
          name,
          include: [...include],
          globalSetup: ["test/support/global-setup.ts"],
          setupFiles: ["test/support/side-by-side.ts"],
          maxWorkers: 3,
          // a process for each file costs a second; these share nothing but Redis, where each test has keys of its own
          isolate: false,
          experimental: { viteModuleRunner: false },
          sequence: { groupOrder: 1 },
        },
      })),
    ],
  },
});
