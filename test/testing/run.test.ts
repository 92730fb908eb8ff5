import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import type { Handler, HandlerContext } from "../../src/core/handler.ts";
import { createWorker, run, runTwice, sample, types, type Vendor } from "../../src/testing/public.ts";
import { SAMPLES } from "../../src/simulators/samples.ts";
import { asInJavaScript } from "../support/as-in-javascript.ts";
import { outcomeOf } from "../../src/media/outcomes.ts";
import { VENDORS as ALL } from "../../src/vendors/index.ts";
import { on as onTencent } from "../../src/vendors/tencent-vod/public.ts";

const VENDORS = Object.keys(SAMPLES).filter((name): name is Vendor => name in SAMPLES);
const Public = z.object({ on: z.custom<(...args: never) => Handler>((value) => typeof value === "function") });

/** As handlers of that vendor's events import it. */
async function onOf(vendor: Vendor) {
  return asInJavaScript(Public.parse(await import(`../../src/vendors/${vendor}/public.ts`)).on);
}

function handlerOf(handle: Handler["run"], options: Partial<Handler> = {}): Handler {
  return { vendor: "*", type: "*", run: handle, ...options };
}

const upload = () => sample("tencent-vod", "NewFileUpload");

describe("the samples for tests", () => {
  test.each(VENDORS.flatMap((vendor) => types(vendor).map((type) => [vendor, type] as const)))(
    "one of %s %s is handled by a handler of that type",
    async (vendor, type) => {
      const handle = vi.fn<(payload: unknown, context: HandlerContext) => void>();
      expect(await run((await onOf(vendor))(type, handle), sample(vendor, type))).toEqual({
        outcome: "handled",
        attempts: 1,
      });
      expect(handle).toHaveBeenCalledExactlyOnceWith(expect.any(Object), expect.objectContaining({ attempt: 1 }));
    },
  );

  test.each(VENDORS)("cover every type of %s, and no other", (vendor) => {
    const known = ALL.find(({ name }) => name === vendor)?.types ?? [];
    // A type that is documented under two spellings is one type.
    const spelled = known.filter((type) => !known.includes(`${type}Event`));

    expect(types(vendor).toSorted()).toEqual(spelled.toSorted());
  });

  test("report no failed work, except for types that report nothing else", () => {
    const failing = VENDORS.flatMap((vendor) =>
      types(vendor).filter((type) =>
        // Now and then would be bad enough.
        Array.from({ length: 40 }, () => outcomeOf(sample(vendor, type))).some((outcome) => outcome?.fault),
      ),
    );

    expect(failing.toSorted()).toEqual([
      "CANCELED",
      "ERROR",
      "cloud_player/4",
      "cloud_recording/2",
      "cloud_recording/3",
      "cloud_recording/6",
    ]);
  });

  test.each(VENDORS)("of %s get different fingerprints each time", (vendor) => {
    for (const type of types(vendor)) {
      const [one, other] = [sample(vendor, type), sample(vendor, type)];
      expect(one.id).not.toBe(other.id);
    }
  });

  test("take overrides at any depth, which change the fingerprint", () => {
    const plain = upload();
    const changed = sample("tencent-vod", "NewFileUpload", {
      id: "ev-mine",
      body: { FileUploadEvent: { FileId: "42", MediaBasicInfo: { Name: "mine" } } },
    });

    expect(changed).toMatchObject({ id: "ev-mine", vendor: "tencent-vod", type: "NewFileUpload", door: "pull" });
    expect(changed.body).toMatchObject({
      EventType: "NewFileUpload",
      FileUploadEvent: { FileId: "42", MediaBasicInfo: { Name: "mine", Type: "mp4" } },
    });
    expect(changed.fingerprint).not.toBe(plain.fingerprint);
  });

  test("of a misspelt type or vendor are an error that lists the existing ones", () => {
    // @ts-expect-error: not a type
    expect(() => sample("tencent-vod", "NewFileUplaod")).toThrow(
      /no sample of tencent-vod NewFileUplaod.*NewFileUpload/,
    );
    // @ts-expect-error: not a vendor
    expect(() => types("tencent")).toThrow("there is no vendor tencent; use tencent-vod, alibaba-vod");
  });
});

describe("run() in tests", () => {
  test("ends as handled if the handler returns", async () => {
    expect(
      await run(
        handlerOf(() => {}),
        upload(),
      ),
    ).toEqual({ outcome: "handled", attempts: 1 });
  });

  test("ends as retry if the handler fails, and as handled if it succeeds within its attempts", async () => {
    const busy = new Error("busy");
    const handle = vi.fn<Handler["run"]>().mockRejectedValueOnce(busy);

    expect(await run(handlerOf(handle), upload())).toEqual({ outcome: "retry", error: busy, attempts: 1 });
    handle.mockRejectedValueOnce(busy).mockRejectedValueOnce(busy);
    expect(await run(handlerOf(handle), upload(), { attempts: 5 })).toEqual({ outcome: "handled", attempts: 3 });
    expect(handle.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 1, 2, 3]);
  });

  test("does not count an attempt that the handler puts off", async () => {
    const handle = vi
      .fn<Handler["run"]>()
      .mockRejectedValueOnce(new RetryAfterError("closed", 60_000, { usesAttempt: false }))
      .mockRejectedValueOnce(new Error("broken"));
    expect(await run(handlerOf(handle, { attempts: 2 }), upload(), { attempts: 5 })).toEqual({
      outcome: "handled",
      attempts: 3,
    });
    expect(handle.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 1, 2]);
  });

  test("ends as parked after the handler's last attempt, at once for a PermanentError, and without a handler", async () => {
    const failing = handlerOf(() => Promise.reject(new RetryAfterError("busy", 60_000)), { attempts: 2 });
    const hopeless = handlerOf(() => Promise.reject(new PermanentError("gone")));

    expect(await run(failing, upload(), { attempts: 9 })).toMatchObject({
      outcome: "parked",
      attempts: 2,
    });
    expect(await run(hopeless, upload(), { attempts: 9 })).toMatchObject({
      outcome: "parked",
      error: { message: "gone" },
      attempts: 1,
    });
    expect(await run([], upload())).toMatchObject({
      outcome: "parked",
      error: { message: expect.stringMatching(/^no handler for tencent-vod NewFileUpload/) },
    });
  });

  test.each([
    ["undefined", undefined, "handler 0 is undefined, not a handler; make one with on("],
    ["a function", () => {}, "handler 0 is () => {}, not a handler"],
    ["an object without run", [handlerOf(() => {}), { type: "*" }], "handler 1 is an object without a function run"],
  ])("names a handler that is none, also in plain JavaScript: %s", async (_, handlers, message) => {
    for (const start of [run, runTwice, async (...args: Parameters<typeof run>) => createWorker(args[0])]) {
      const started = (async (): Promise<unknown> => await Reflect.apply(start, undefined, [handlers, upload()]))();
      await expect(started).rejects.toThrow(TypeError);
      await expect(started).rejects.toThrow(message);
    }
  });

  test("uses the handler that the worker would use, with its timeout", async () => {
    const handlers = [
      handlerOf(() => {}),
      onTencent("NewFileUpload", (_, context) => stuck(context), { timeoutMs: 5 }),
    ];

    expect(await run(handlers, upload())).toMatchObject({
      outcome: "retry",
      error: { message: /took longer than 5 ms/ },
    });
    expect(await run(handlers, sample("zegocloud", "record"))).toMatchObject({ outcome: "handled" });
  });
});

function stuck({ signal }: HandlerContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
