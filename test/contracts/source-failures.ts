/** How a source reports failures, and what it reports about its account. */
import { expect, test } from "vitest";
import type { VendorError } from "../../src/core/errors.ts";
import { CALM, failureOf, pullUntil, type SourceSetup } from "./source-trial.ts";

export function failureContract(setup: SourceSetup): void {
  test.each(["outage", "limit", "configuration", "clock"] as const)(
    "a pull that fails as %s loses no event, and its error shows no secret",
    async (kind) => {
      const { source, vendor, secrets } = await setup(CALM);
      vendor.publish(["a"]);
      vendor.failNext("pull", kind);

      const err = await failureOf(source.pull(16));

      expect(err.kind).toBe(kind);
      expectSilence(err, secrets);
      expect(await pullUntil(source, 1)).toHaveLength(1);
    },
  );

  test.each(["outage", "limit", "configuration", "clock", "refused"] as const)(
    "a confirmation that fails as %s leaves the receipt valid, and its error shows no secret",
    async (kind) => {
      const { source, vendor, secrets } = await setup(CALM);
      vendor.publish(["a"]);
      const receipt = (await pullUntil(source, 1))[0]?.receipt ?? "";
      vendor.failNext("confirm", kind);

      const err = await failureOf(source.confirm([receipt]));

      expect(err.kind).toBe(kind);
      expectSilence(err, [...secrets, receipt]);
      expect(await source.confirm([receipt])).toEqual({ refused: [] });
    },
  );

  test("an error that a person must fix says how", async () => {
    const { source, vendor } = await setup(CALM);
    for (const kind of ["configuration", "clock"] as const) {
      vendor.failNext("pull", kind);

      expect((await failureOf(source.pull(16))).fix).toMatch(/\w/);
    }
  });

  test("a vendor that does not answer is an outage", async () => {
    const { source, vendor, secrets } = await setup(CALM);
    await vendor.vanish();

    for (const call of [source.pull(16), source.confirm(["a receipt of yore"])]) {
      const err = await failureOf(call);
      expect(err.kind).toBe("outage");
      expectSilence(err, [...secrets, "a receipt of yore"]);
    }
  });
}

export function accountContract(setup: SourceSetup): void {
  test("the check reports no problem if there is none", async () => {
    const { source } = await setup(CALM);

    const findings = await source.check();

    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
  });

  test("the check reports that it cannot reach the vendor, and does not throw", async () => {
    const { source, vendor, secrets } = await setup(CALM);
    await vendor.vanish();

    for (const findings of [await source.check(), await source.check(AbortSignal.abort())]) {
      expect(findings).toContainEqual(expect.objectContaining({ level: "warn" }));
      for (const secret of secrets) expect(JSON.stringify(findings)).not.toContain(secret);
    }
  });

  test("the source reports about how many events wait, if its vendor can say it", async () => {
    const { source, vendor } = await setup(CALM);
    vendor.publish(["a", "b"]);

    expect((await source.backlog?.()) ?? 2).toBe(2);
  });
}

/** No secret may appear in the message, stack, cause or own fields, since loggers print all of them. */
function expectSilence(err: VendorError, secrets: readonly string[]): void {
  const told = [err.message, err.stack, err.fix, String(err.cause), JSON.stringify(err)].join("\n");
  for (const secret of secrets) expect(told).not.toContain(secret);
}
