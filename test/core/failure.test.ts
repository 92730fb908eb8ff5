import { connect, type LookupFunction } from "node:net";
import { describe, expect, test } from "vitest";
import { codeOf, errorFields, messageOf, toError } from "../../src/core/failure.ts";
import { freePort } from "../support/free-port.ts";
import { STRANGE_THROWS } from "../support/strange-throws.ts";

const MB = "x".repeat(1_000_000);

describe.each(STRANGE_THROWS)("throwing %s", (_, make, told) => {
  test("is reported in one line", () => {
    expect(messageOf(make())).toBe(told);
  });

  test("becomes an error that can be logged, stored, frozen and read", () => {
    const error = toError(make());

    expect(error).toBeInstanceOf(Error);
    expect([error.message, String(error)]).toEqual([told, `${error.name}: ${told}`]);
    expect(error.stack?.length).toBeLessThanOrEqual(8_000);
    expect(toError(Object.freeze(error))).toEqual(error);
  });

  test("can be written as short JSON", () => {
    const written = JSON.stringify(errorFields(make()));

    expect(JSON.parse(written)).toMatchObject({ message: told, type: expect.any(String), stack: expect.any(String) });
    expect(written.length).toBeLessThan(12_000);
  });
});

describe("a failure's message", () => {
  test("for a refused connection is the system's own, whatever wraps it", async () => {
    const port = await freePort();
    const cause = await fetch(`http://127.0.0.1:${port}`).catch((err: unknown) => err);

    expect(messageOf(new Error("cannot copy f1", { cause }))).toBe(
      `cannot copy f1: fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  test("for a connection tried at several addresses names all of them", async () => {
    const port = await freePort();
    const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
    const lookup: LookupFunction = (_host, _options, callback) => callback(null, addresses);
    const error = await new Promise((resolve) => {
      connect({ host: "two.invalid", port, lookup, autoSelectFamily: true }).once("error", resolve);
    });

    expect(messageOf(error)).toBe(`connect ECONNREFUSED 127.0.0.1:${port}, connect ECONNREFUSED 127.0.0.2:${port}`);
  });

  test("names causes in order, down to the eighth", () => {
    let error = new Error("cause 20");
    for (let n = 19; n >= 0; n--) error = new Error(`cause ${n}`, { cause: error });

    expect(messageOf(error).split(": ")).toEqual(Array.from({ length: 8 }, (_, n) => `cause ${n}`));
  });

  test.each<[what: string, cause: unknown, told: string]>([
    ["null", null, "no copy"],
    ["a function", () => "VError's way", "no copy"],
    ["a number", 42, "no copy"],
    ["an object", { status: 503 }, 'no copy: {"status":503} was thrown'],
  ])("includes %s as a cause if it says something", (_, cause, told) => {
    expect(messageOf(new Error("no copy", { cause }))).toBe(told);
  });

  test("is one well-formed line, whatever was thrown", () => {
    expect(messageOf(new Error("a\r\n\tb\u0000\u001b[31mc \ud800 d"))).toBe("a b [31mc \ufffd d");
  });

  test("is at most 1,000 characters long with all its causes", () => {
    const told = messageOf(new Error(MB, { cause: new Error(`y${MB}`) }));

    expect(told).toHaveLength(1_000);
    expect(told.endsWith(" ...")).toBe(true);
  });
});

describe("a failure's error for the log", () => {
  test("keeps the name, the stack, and the fields that are strings, numbers or booleans", () => {
    const fields = { code: "E_FULL", status: 507, retryable: false, request: { password: "hush" }, extra: undefined };
    const thrown = Object.assign(new TypeError("no space"), fields);

    const { type, stack, ...told } = { type: "", stack: "", ...errorFields(thrown) };

    expect(told).toEqual({ message: "no space", code: "E_FULL", status: 507, retryable: false });
    expect([type, stack]).toEqual(["TypeError", thrown.stack]);
  });

  test("is named after its class if it has no name of its own", () => {
    class NoSpace extends Error {}

    expect(toError(new NoSpace("full")).name).toBe("NoSpace");
  });

  test("shows the stacks of its causes too", () => {
    const thrown = new Error("no copy", { cause: new RangeError("no space") });

    expect(toError(thrown).stack).toMatch(/^Error: no copy\n {4}at [^]*\ncaused by: RangeError: no space\n {4}at /);
  });

  test("keeps the stack if the message is too long", () => {
    expect(toError(new Error(MB)).stack).toMatch(/^Error: x{996} \.\.\.\n {4}at .*failure\.test\.ts/);
  });

  test("has at most 20 fields, none of them long", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field${n}`, MB]));

    const written = JSON.stringify(toError(Object.assign(new Error("no space"), many)));

    expect(written.length).toBeLessThan(20 * 600);
    expect(Object.keys(JSON.parse(written))).toHaveLength(20);
  });
});

describe("a failure's code", () => {
  test.each<[what: string, thrown: unknown, code: string]>([
    ["its own", Object.assign(new Error("x"), { code: "ENOENT" }), "ENOENT"],
    ["its cause's", new Error("x", { cause: Object.assign(new Error("y"), { code: "ENOENT" }) }), "ENOENT"],
    ["that of one it gathered", new AggregateError([Object.assign(new Error("y"), { code: "ENOENT" })]), "ENOENT"],
    ["the message without one", Object.assign(new Error("no space"), { code: 28 }), "no space"],
    ["the message of what is no error", null, "null was thrown"],
  ])("is %s", (_, thrown, code) => {
    expect(codeOf(thrown)).toBe(code);
  });
});
