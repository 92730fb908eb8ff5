/** How a source reports failures, and what it reports about its account. */
import { expect, test } from "vitest";
import type { VendorError } from "../../src/core/errors.ts";
import { CALM, failureOf, pullUntil, type SourceSetup } from "./source-trial.ts";

export function failureContract(setup: SourceSetup): void {
  test.each(["outage", "limit", "configuration", "clock"] as const)(
    "on a pull: %s; nothing is lost by it, nothing secret told",
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
    "on a confirmation: %s; the receipt stays good, nothing secret is told",
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

  test("with the fix where a person must act", async () => {
    const { source, vendor } = await setup(CALM);
    for (const kind of ["configuration", "clock"] as const) {
      vendor.failNext("pull", kind);

      expect((await failureOf(source.pull(16))).fix).toMatch(/\w/);
    }
  });

  test("as an outage when nobody answers", async () => {
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
  test("that all is well, when it is", async () => {
    const { source } = await setup(CALM);

    const findings = await source.check();

    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
  });

  test("that it cannot look, without throwing", async () => {
    const { source, vendor, secrets } = await setup(CALM);
    await vendor.vanish();

    for (const findings of [await source.check(), await source.check(AbortSignal.abort())]) {
      expect(findings).toContainEqual(expect.objectContaining({ level: "warn" }));
      for (const secret of secrets) expect(JSON.stringify(findings)).not.toContain(secret);
    }
  });

  test("roughly how many events wait, if it can", async () => {
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
