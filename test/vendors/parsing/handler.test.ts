import { describe, expect, expectTypeOf, test, vi } from "vitest";
import type { HandlerContext } from "../../../src/core/handler.ts";
import { run, sample } from "../../../src/testing/public.ts";
import { on as onAlibaba } from "../../../src/vendors/alibaba-vod/public.ts";
import { on as onAws } from "../../../src/vendors/aws-mediaconvert/public.ts";
import { on as onTencent, type Outcome } from "../../../src/vendors/tencent-vod/public.ts";
import { on as onZego } from "../../../src/vendors/zegocloud/public.ts";
import { asInJavaScript } from "../../support/as-in-javascript.ts";
import { recordingLog } from "../../support/recording.ts";

const good = sample("tencent-vod", "ConcatComplete");
const bad = concat({ ErrCode: 70_000, Message: "no room" });
const partly = concat({ ErrCode: 0, FileId: "1" }, { ErrCode: 70_000, Message: "no room" });
const unread = sample("tencent-vod", "ConcatComplete", { body: { ConcatCompleteEvent: { FileInfoSet: [] } } });
const REASON = "FileInfoSet[0]: 70000: no room";

function concat(...FileInfoSet: object[]) {
  return sample("tencent-vod", "ConcatComplete", { body: { ConcatCompleteEvent: { FileInfoSet } } });
}

describe("an event that reports failed work", () => {
  test("goes to the handler like any other if `failed` is not set", async () => {
    const handle = vi.fn<() => void>();
    const handler = onTencent("ConcatComplete", handle);

    for (const event of [good, bad, partly]) expect(await run(handler, event)).toMatchObject({ outcome: "handled" });
    expect(handle).toHaveBeenCalledTimes(3);
  });

  test("is parked at once with the reason, whether all or part of the work failed", async () => {
    const handle = vi.fn<() => void>();
    const handler = onTencent("ConcatComplete", handle, { failed: "park", attempts: 5 });

    expect(await run(handler, bad, { attempts: 5 })).toMatchObject({
      outcome: "parked",
      attempts: 1,
      error: { message: `ConcatComplete reports work that failed: ${REASON}` },
    });
    expect(await run(handler, partly)).toMatchObject({
      outcome: "parked",
      error: { message: "ConcatComplete reports work that failed in part: FileInfoSet[1]: 70000: no room" },
    });
    expect(handle).not.toHaveBeenCalled();
    expect(await run(handler, good)).toMatchObject({ outcome: "handled" });
    expect(handle).toHaveBeenCalledOnce();
  });

  test("is recognised by its own type in a handler for all types", async () => {
    const handle = vi.fn<() => void>();
    const handler = onTencent("*", handle, { failed: "park" });

    expect(await run(handler, bad)).toMatchObject({
      outcome: "parked",
      error: { message: `ConcatComplete reports work that failed: ${REASON}` },
    });
    expect(await run(handler, good)).toMatchObject({ outcome: "handled" });
    expect(handle).toHaveBeenCalledOnce();
  });

  test("is handled without the handler, and logged", async () => {
    const handle = vi.fn<() => void>();
    const { log, lines } = recordingLog();
    const handler = onTencent("ConcatComplete", handle, { failed: "ignore" });

    expect(await run(handler, bad, { log })).toMatchObject({ outcome: "handled" });
    expect(handle).not.toHaveBeenCalled();
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "ignored: the event reports work that failed", fault: REASON, id: bad.id }),
    );
  });

  test("goes to a function of its own, whose failures are tried again like a handler's", async () => {
    const handle = vi.fn<() => void>();
    const failed = vi
      .fn<(payload: object, context: HandlerContext, outcome: Outcome) => Promise<void>>()
      .mockRejectedValueOnce(new Error("busy"));
    const handler = onTencent("ConcatComplete", handle, { failed, attempts: 3 });

    expect(await run(handler, bad, { attempts: 3 })).toMatchObject({ outcome: "handled", attempts: 2 });
    expect(handle).not.toHaveBeenCalled();
    expect(failed).toHaveBeenLastCalledWith(
      expect.objectContaining({ FileInfoSet: [{ ErrCode: 70_000, Message: "no room" }] }),
      expect.objectContaining({ event: bad, attempt: 2 }),
      expect.objectContaining({ state: "failed", fault: REASON }),
    );
  });

  test("is not mixed up with unfinished work, or with an event that has no outcome", async () => {
    const handle = vi.fn<() => void>();
    const going = sample("tencent-vod", "PullComplete", { body: { PullCompleteEvent: { Status: "PROCESSING" } } });

    expect(await run(onTencent("PullComplete", handle, { failed: "park" }), going)).toMatchObject({
      outcome: "handled",
    });
    expect(await run(onTencent("ConcatComplete", handle, { failed: "park" }), unread)).toMatchObject({
      outcome: "handled",
    });
    expect(handle).toHaveBeenCalledTimes(2);
  });

  test.each([
    [onAlibaba("TranscodeComplete", () => {}, { failed: "park" }), alibaba(), "LD: Bad"],
    [
      onZego("compose", () => {}, { failed: "park" }),
      sample("zegocloud", "compose", { body: { code: "7" } }),
      "7: SUCCESS",
    ],
    [onAws("ERROR", () => {}, { failed: "park" }), sample("aws-mediaconvert", "ERROR"), "1040: Example error message"],
  ])("is recognised for every vendor: %o", async (handler, event, reason) => {
    expect(await run(handler, event)).toMatchObject({
      outcome: "parked",
      error: { message: `${handler.type} reports work that failed: ${reason}` },
    });
  });

  test("has no effect on the handler's other options", () => {
    expect(onTencent("ConcatComplete", () => {}, { failed: "park", attempts: 2 })).toEqual({
      vendor: "tencent-vod",
      type: "ConcatComplete",
      attempts: 2,
      run: expect.any(Function),
    });
  });
});

function alibaba() {
  const StreamInfos = [{ Status: "fail", Definition: "LD", ErrorCode: "Bad" }];
  return sample("alibaba-vod", "TranscodeComplete", { body: { Status: "success", StreamInfos } });
}

describe("`on` refuses at the call", () => {
  test.each([
    [undefined, "undefined stands where the function must be that handles the event"],
    ["handle", '"handle" stands where the function must be that handles the event'],
    [Promise.resolve(), "an object stands where the function must be that handles the event"],
  ])("a handler that is no function: %s", (handle, told) => {
    for (const on of [onTencent, onAlibaba, onZego, onAws])
      expect(() => Reflect.apply(on, undefined, ["TranscodeComplete", handle])).toThrow(
        new TypeError(`on("TranscodeComplete"): ${told}`),
      );
  });

  test("an unknown option, and a type that is no text", () => {
    const on = asInJavaScript(onTencent);

    expect(() => on("PullComplete", () => {}, { failed: "prak" })).toThrow(
      new TypeError('on("PullComplete"): failed is "prak"; use "park", "ignore" or a function'),
    );
    expect(() => Reflect.apply(onTencent, undefined, [undefined, () => {}])).toThrow(
      new TypeError("on(undefined): the type of event must be a text"),
    );
  });

  test.for([
    [{ concurrency: 0 }, "concurrency is 0; use a whole number from 1 on"],
    [{ concurrency: "4" }, 'concurrency is "4"; use a whole number from 1 on'],
    [{ perSecond: -1 }, "perSecond is -1; use a number above 0, at most 10000"],
    [{ perSecond: Number.NaN }, "perSecond is NaN; use a number above 0, at most 10000"],
    [{ orderBy: "FileId" }, 'orderBy is "FileId"; use a function: (payload) => key'],
    [{ orderBy: () => "k", afterParked: "stop" }, 'afterParked is "stop"; use "goes on" or "holds"'],
    [{ afterParked: "holds" }, "afterParked is about the order of orderBy; add that"],
  ] as const)("invalid limits: %o", ([options, slip]) => {
    expect(() => asInJavaScript(onTencent)("PullComplete", () => {}, options)).toThrow(
      new TypeError(`on("PullComplete"): ${slip}`),
    );
  });

  test("with a stack that starts at the caller", () => {
    const frames = (() => {
      try {
        return asInJavaScript(onTencent)("PullComplete", () => {}, { failed: 1 });
      } catch (err) {
        return err instanceof Error ? err.stack : "";
      }
    })();

    expect(frames).not.toContain("/src/vendors/");
  });
});

test("the function for failed work gets the handler's types", () => {
  onTencent("ConcatComplete", () => {}, {
    failed: (payload, { attempt }, outcome) => {
      expectTypeOf(payload.FileInfoSet?.[0]?.FileId).toEqualTypeOf<string | undefined>();
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(outcome.parts[0]?.state).toEqualTypeOf<"succeeded" | "failed" | "in-progress" | undefined>();
    },
  });
});
