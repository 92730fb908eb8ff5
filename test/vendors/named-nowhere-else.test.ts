import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VENDORS } from "../../src/vendors/index.ts";
import { PROJECT } from "../support/process.ts";

const FOLDERS = VENDORS.map(({ name }) => `src/vendors/${name}/`);
/** Who may name a vendor: its own folder, the list of all, and those who play its part. */
const ITS_OWN = [...FOLDERS, "src/vendors/index.ts", "src/simulators/"];
/** Vendors are called by these as well. */
const OTHER_NAMES = ["aliyun", "sqs"];
const SAID_OF_MANY = ["vod", "cloud"];

const sources = globSync("src/**/*.*", { cwd: PROJECT }).map((path) => path.replaceAll("\\", "/"));
const words = (text: string): string[] =>
  text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
const names = new Set([
  ...VENDORS.flatMap(({ name, prefixes }) => words([name, ...prefixes].join(" "))),
  ...OTHER_NAMES,
]);
for (const word of SAID_OF_MANY) names.delete(word);

test("no file outside a vendor's folder names the vendor, not even in a comment", () => {
  const others = sources.filter((path) => !ITS_OWN.some((own) => path.startsWith(own)));
  const naming = others.flatMap((path) =>
    readFileSync(join(PROJECT, path), "utf8")
      .split("\n")
      .flatMap((line, index) => (namesVendor(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

  expect([...names]).toEqual(expect.arrayContaining(["tencent", "alibaba", "mns", "zego", "aliyun"]));
  expect(others.length).toBeGreaterThan(80);
  expect(naming).toEqual([]);
});

test("no vendor's folder imports from another's", () => {
  const reaching = FOLDERS.flatMap((folder) => {
    const paths = sources.filter((path) => path.startsWith(folder));
    return paths.filter((path) =>
      VENDORS.some(({ name }) => readFileSync(join(PROJECT, path), "utf8").includes(`../${name}/`)),
    );
  });

  expect(reaching).toEqual([]);
});

function namesVendor(line: string): boolean {
  return words(line).some((word) => [...names].some((name) => word.startsWith(name)));
}
