import { expect, test } from "vitest";
import { runToEnd } from "../support/process.ts";

test("--help names every command as one types it in a clone", async () => {
  const { code, text } = await runToEnd({}, ["--help"]);

  expect(code).toBe(0);
  const commands = text.split("\n").filter((line) => line.startsWith("npm "));
  expect(commands.map((line) => line.split("   ")[0]?.trim())).toEqual([
    "npm start",
    "npm run dev",
    "npm run demo",
    "npm run simulate",
    "npm run doctor",
    "npm run init",
    "npm run replay",
    "npm run events",
    "npm run peek",
  ]);
});

test("--version prints the package's version", async () => {
  expect(await runToEnd({}, ["--version"])).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.each([
  [["fly"], 'unknown command "fly"'],
  [["constructor"], 'unknown command "constructor"'],
  [["start", "--fast"], "Unknown option '--fast'"],
])("%s is a mistake, and the error lists the commands", async (args, mistake) => {
  const { code, text } = await runToEnd({}, args);

  expect(code).toBe(2);
  expect(text).toContain(mistake);
  expect(text).toContain("npm run demo");
});
