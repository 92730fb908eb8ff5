import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { Environment, VARIABLES } from "../../src/config/environment.ts";
import { credentials } from "./support.ts";

describe(".env.example", () => {
  const example = parseEnv(
    readFileSync(new URL("../../.env.example", import.meta.url), "utf8").replaceAll(/^#(?=[A-Z_]+=)/gm, ""),
  );

  test("lists every variable, and no other", () => {
    expect(Object.keys(example).toSorted()).toEqual(VARIABLES.toSorted());
  });

  test("shows the defaults", () => {
    const needed = { ...credentials, DASHBOARD_PASSWORD: "long enough" };

    expect(readConfig({ ...example, ...needed })).toEqual(readConfig(needed));
  });

  test("shows a value for everything that has a default", () => {
    const { TENCENT_VOD_SUB_APP_IDS: _, ...defaults } = Environment.parse({});

    expect(Object.keys(defaults).filter((name) => !example[name])).toEqual([]);
  });
});
