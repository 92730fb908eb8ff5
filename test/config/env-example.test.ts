import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { VARIABLES } from "../../src/config/all-settings.ts";
import { readConfig } from "../../src/config/config.ts";
import { envExample } from "../../src/config/env-example.ts";
import { PROJECT } from "../support/process.ts";
import { credentials, plain } from "./support.ts";

describe(".env.example", () => {
  /** `vitest run test/config/env-example.test.ts -u` writes it anew. */
  test("is generated from the settings", async () => {
    await expect(envExample()).toMatchFileSnapshot(join(PROJECT, ".env.example"));
  });

  const example = parseEnv(readFileSync(join(PROJECT, ".env.example"), "utf8").replaceAll(/^#(?=[A-Z_]+=)/gm, ""));

  test("lists every setting, and no other", () => {
    expect(Object.keys(example).toSorted()).toEqual(VARIABLES.toSorted());
  });

  test("shows the default of each setting", () => {
    const needed = { ...credentials, DASHBOARD_PASSWORD: "long enough!" };

    expect(plain(readConfig({ ...example, ...needed }))).toEqual(plain(readConfig(needed)));
  });

  test("has no line longer than 120 characters", () => {
    expect(
      envExample()
        .split("\n")
        .filter((line) => line.length > 120),
    ).toEqual([]);
  });
});
