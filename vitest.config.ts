import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 30_000,
    // on a fresh machine a hook may have to install a browser first
    hookTimeout: 300_000,
    // more than cores: most tests wait for windows and locks to end
    maxWorkers: 3,
    // those that say that they may run side by side mostly wait
    maxConcurrency: 9,
  },
});
