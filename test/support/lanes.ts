/**
 * The name of a test file tells its lane (`worker.redis.test.ts`), or else its folder does. All other files are unit
 * tests, which have no Redis and start no processes.
 */
export type Lane = {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
};

const APART = {
  /** Our modules on a real Redis. */
  redis: ["test/**/*.redis.test.ts"],
  /** Real processes, a browser, the npm package and the image. */
  e2e: ["test/**/*.e2e.test.ts", "test/{e2e,browser,package}/**/*.test.ts"],
  /** Long runs with deliberate failures. */
  proof: ["test/proof/**/*.test.ts"],
};

export const UNIT: Lane = { name: "unit", include: ["test/**/*.test.ts"], exclude: Object.values(APART).flat() };

export const OTHERS: readonly Lane[] = Object.entries(APART).map(([name, include]) => ({ name, include, exclude: [] }));
