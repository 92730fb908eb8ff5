/** Values that a handler may throw, each with its message. Each use makes a new one: some are frozen, revoked or cyclic. */
export const STRANGE_THROWS: readonly (readonly [what: string, make: () => unknown, told: string])[] = [
  ["null", () => null, "null was thrown"],
  ["undefined", () => undefined, "undefined was thrown"],
  ["a text", () => "no space\n left", "no space left"],
  ["an empty text", () => "", "an empty text was thrown"],
  ["a number", () => 42, "42 was thrown"],
  ["a symbol", () => Symbol("no space"), "Symbol(no space) was thrown"],
  ["a bigint", () => 10n, "10n was thrown"],
  ["a bigint of 300,000 digits", () => 1n << 1_000_000n, "a large bigint was thrown"],
  ["a class instead of an error of it", () => RangeError, "the function RangeError was thrown"],
  ["a function without a name", () => () => {}, "the function without a name was thrown"],
  [
    "an object with fields",
    () => ({ code: 3, reason: "no space", body: {} }),
    '{"code":3,"reason":"no space"} was thrown',
  ],
  ["an object without any", () => Object.create(null), "an object was thrown"],
  ["a list", () => [new Error("inside")], "an object of the class Array was thrown"],
  ["a promise", () => Promise.resolve(), "an object of the class Promise was thrown"],
  ["a frozen error", () => Object.freeze(new Error("no space")), "no space"],
  ["an error of another realm", () => ({ name: "Error", message: "no space" }), "no space"],
  ["an error without a message", () => new RangeError(), "RangeError without a message"],
  ["an error with a code alone", () => Object.assign(new Error(), { code: "ENOSPC" }), "ENOSPC"],
  ["an object in a circle", () => selfContaining(), "an object was thrown"],
  ["an error that is its own cause", () => causedByItself(), "no space"],
  ["a proxy that throws at every look", () => hostileProxy(), "an object was thrown"],
  ["a revoked proxy", () => revokedProxy(), "an object was thrown"],
  ...["message", "name", "stack", "cause", "errors", "code", "constructor"].map(
    (key) =>
      [
        `an error whose ${key} throws`,
        () => withTrap(key),
        key === "message" ? "Error without a message" : "no space",
      ] as const,
  ),
  [
    "an error whose message is no text",
    () => Object.assign(new Error(), { message: { deep: 1 } }),
    "Error without a message",
  ],
  [
    "an error that spoils its own methods",
    () => Object.assign(new Error("no space"), { toString: 1, toJSON: 1 }),
    "no space",
  ],
  ["an error with a cause that is a text", () => new Error("no copy", { cause: "no space" }), "no copy: no space"],
  [
    "an error that repeats its cause",
    () => new Error("no copy: no space", { cause: new Error("no space") }),
    "no copy: no space",
  ],
  ["several errors in one", () => gathered(2), "All failed: no 0, no 1"],
  ["a hundred errors in one", () => gathered(100), "All failed: no 0, no 1, no 2"],
  [
    "a message of five megabytes",
    () => new Error("no space ".repeat(600_000)),
    `${"no space ".repeat(111).slice(0, 996)} ...`,
  ],
];

/** An object that throws on every access. */
function hostileProxy(): object {
  const traps = Object.getOwnPropertyNames(Reflect).map((name) => [name, refuseToBeSeen]);
  return new Proxy({}, Object.fromEntries(traps));
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function withTrap(key: string): Error {
  return Object.defineProperty(new Error("no space"), key, { get: refuseToBeSeen });
}

function refuseToBeSeen(): never {
  throw new Error("do not look");
}

function selfContaining(): object {
  const thing: { self?: object } = {};
  thing.self = thing;
  return thing;
}

function causedByItself(): Error {
  const error = new Error("no space");
  error.cause = error;
  return error;
}

function gathered(count: number): AggregateError {
  return new AggregateError(
    Array.from({ length: count }, (_, index) => new Error(`no ${index}`)),
    "All failed",
  );
}
