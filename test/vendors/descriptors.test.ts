import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { PROJECT } from "../support/process.ts";

const FOLDER = join(PROJECT, "src/vendors");

test("every vendor's folder is in the list of vendors, by the vendor's name", () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.map(({ name }) => name).toSorted()).toEqual(
    [...VENDORS.map(({ name }) => name), "parsing"].toSorted(),
  );
});

describe.each(VENDORS)("the descriptor of $name", ({ name, settings, needs, trial = {}, prefixes }) => {
  const names = Object.keys(settings);

  test("gives its handlers the vendor's name", () => {
    expect(existsSync(join(FOLDER, name, "public.ts"))).toBe(true);
  });

  test("mentions only settings of its own", () => {
    const said = [...needs, ...Object.keys(trial)];

    expect(needs.length).toBeGreaterThan(0);
    expect(said.filter((setting) => !names.includes(setting))).toEqual([]);
    expect(prefixes.filter((prefix) => !names.some((setting) => setting.startsWith(`${prefix}_`)))).toEqual([]);
  });

  test("has defaults that its settings accept", () => {
    const refused = Object.values(settings).filter(
      (setting) => setting.default !== undefined && !setting.field.safeParse(setting.default).success,
    );

    expect(refused).toEqual([]);
  });

  test("says which of its settings open a door", () => {
    expect(needs.some((setting) => settings[setting]?.opens !== undefined)).toBe(true);
  });
});

test("the settings for each simulator configure its vendor", () => {
  for (const { name, trial } of VENDORS) {
    if (trial) expect(readConfig(trial).vendors.map((vendor) => vendor.name)).toEqual([name]);
  }
  expect(VENDORS[0]?.trial).toBeDefined();
});
