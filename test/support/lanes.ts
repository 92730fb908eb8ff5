/**
 * The lane of a test file stands in its name (`worker.redis.test.ts`), or its folder has one. Every other file is a unit
 * test, which has no Redis and starts no process.
 */
export type Lane = {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
};

const APART = {
  /** Parts of ours on a real Redis. */
  redis: ["test/**/*.redis.test.ts"],
  /** Real processes, the browser, the package and the image. */
  e2e: ["test/**/*.e2e.test.ts", "test/{e2e,browser,package}/**/*.test.ts"],
  /** Long runs that break things on purpose. */
  proof: ["test/proof/**/*.test.ts"],
};

export const UNIT: Lane = { name: "unit", include: ["test/**/*.test.ts"], exclude: Object.values(APART).flat() };

export const OTHERS: readonly Lane[] = Object.entries(APART).map(([name, include]) => ({ name, include, exclude: [] }));
