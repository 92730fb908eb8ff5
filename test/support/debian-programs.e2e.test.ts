import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, expect, test, vi } from "vitest";
import { findProgram, PROGRAMS_FOLDER } from "./debian-programs.ts";
import { startPostgres } from "./postgres.ts";

const run = promisify(execFile);

beforeAll(async () => {
  await findProgram("postgres");
});

test(
  "a program that the tests need is fetched once for all who ask at the same time",
  { timeout: 120_000 },
  async () => {
    vi.stubEnv("PROGRAMS", "fetch");

    const [nginx, same] = await Promise.all([findProgram("nginx"), findProgram("nginx")]);

    expect(same).toEqual(nginx);
    expect(nginx.path.startsWith(PROGRAMS_FOLDER)).toBe(true);
    const { stderr } = await run(nginx.path, ["-v"], { env: nginx.env });
    expect(stderr).toContain("nginx version");
  },
);

test("the tests' PostgreSQL runs as a user other than root", { timeout: 60_000 }, async () => {
  const { query, pid } = await startPostgres();

  expect(await query("select current_user || ' ' || (1 + 1)")).toBe("tester 2");
  expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
});
