import { type Arbitrary, constant, constantFrom, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { PermanentError } from "../../../src/core/errors.ts";
import type { JsonObject } from "../../../src/core/event.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { mediaOf, onMedia } from "../../../src/media/files.ts";
import { onSnapshots, snapshotsOf } from "../../../src/media/snapshots.ts";
import { on as onAlibaba } from "../../../src/vendors/alibaba-vod/events/on.ts";
import { EVENT_TYPES as ALIBABA_TYPES } from "../../../src/simulators/alibaba-vod/samples.ts";
import { on as onJob } from "../../../src/vendors/aws-mediaconvert/events/on.ts";
import { storable } from "../../../src/vendors/parsing/storable.ts";
import { on as onTencent } from "../../../src/vendors/tencent-vod/events/on.ts";
import { EVENT_TYPES as TENCENT_TYPES } from "../../../src/simulators/tencent-vod/samples.ts";
import { on as onZego } from "../../../src/vendors/zegocloud/events/on.ts";
import { EVENT_KINDS } from "../../../src/simulators/zegocloud/samples.ts";
import { asInJavaScript } from "../../support/as-in-javascript.ts";
import { contextOf } from "../../media/context.ts";
import { payloadOf } from "./payloads.ts";
import { holds, timed, TIMEOUT } from "./runs.ts";
import { ALIBABA, JOBS, TENCENT, ZEGO } from "./vendors.ts";

type Vendor = {
  readonly vendor: string;
  readonly types: readonly string[];
  readonly samples: readonly object[];
  readonly handler: (type: string, run: (payload: unknown) => void) => Handler;
};
type Case = { readonly of: Vendor; readonly type: string; readonly text: string };

const TENCENT_VIEW: Vendor = {
  ...TENCENT,
  vendor: "tencent-vod",
  types: TENCENT_TYPES,
  handler: asInJavaScript(onTencent),
};
const ALIBABA_VIEW: Vendor = {
  ...ALIBABA,
  vendor: "alibaba-vod",
  types: ALIBABA_TYPES,
  handler: asInJavaScript(onAlibaba),
};
const ZEGO_VIEW: Vendor = { ...ZEGO, vendor: "zegocloud", types: EVENT_KINDS, handler: asInJavaScript(onZego) };
const JOB_VIEW: Vendor = {
  vendor: "aws-mediaconvert",
  types: ["COMPLETE", "ERROR"],
  samples: JOBS,
  handler: asInJavaScript(onJob),
};

const STRANGE_TYPES = ["constructor", "__proto__", "toString", ""];
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** An event of one type under the name of another type. Neither is signed. */
const cases: Arbitrary<Case> = oneof(
  ...[TENCENT_VIEW, ALIBABA_VIEW, ZEGO_VIEW, JOB_VIEW].map((of) =>
    record({ of: constant(of), type: constantFrom(...of.types, ...STRANGE_TYPES), text: payloadOf(of.samples) }),
  ),
);

test("the typed view of any event can be stored as JSON, or the event is parked", TIMEOUT, async () => {
  await holds("views", cases, expectViews, [
    pictures({ SnapshotRegular: "{SnapshotCount}".repeat(60_000) }),
    pictures({ SnapshotRegular: `${"a".repeat(900_000)}{SnapshotCount}` }),
    pictures({ SnapshotRegular: "{SnapshotCount}", SnapshotType: "k".repeat(900_000) }),
    { of: TENCENT_VIEW, type: "ProcedureStateChanged", text: '{"ProcedureStateChangeEvent":{}}' },
    { of: ALIBABA_VIEW, type: "AIVideoTagComplete", text: `{"Data":"${"[".repeat(400_000)}${"]".repeat(400_000)}"}` },
  ]);
});

function expectViews({ of, type, text }: Case): void {
  const body = bodyOf(text);
  if (!body) return;
  const before = JSON.stringify(body);
  // The event is also viewed under the type in its own body, since it is handled as that type.
  const own = body["EventType"] ?? body["event"];
  for (const one of new Set([type, typeof own === "string" ? own : ""])) {
    const context = contextOf(of.vendor, one, body);
    const about = { vendor: of.vendor, type: one, body };
    for (const read of [mediaOf, snapshotsOf]) expectWritable(timed(() => read(about)));
    const handlers = [...onMedia(expectWritable), ...onSnapshots(expectWritable)];
    const fitting = handlers.filter((handler) => handler.vendor === of.vendor && handler.type === one);
    for (const handler of [...fitting, of.handler(one, expectWritable)]) expectRun(() => handler.run(context));
  }
  expect(JSON.stringify(body) === before, "the event itself stays as it is").toBe(true);
}

function expectWritable(result: unknown): void {
  if (result !== undefined) expect(JSON.stringify(result).length).toBeLessThan(MOST_CHARACTERS);
}

function expectRun(run: () => unknown): void {
  try {
    timed(run);
  } catch (err) {
    if (!(err instanceof PermanentError)) throw err;
  }
}

function bodyOf(text: string): JsonObject | undefined {
  try {
    return storable(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** As many pictures as one event may have. Each one repeats this object. */
function pictures(repeated: object): Case {
  const info = { Status: "success", SnapshotCount: 1e308, ...repeated };
  const text = JSON.stringify({ EventType: "SnapshotComplete", SnapshotInfos: [info, info] });
  return { of: ALIBABA_VIEW, type: "SnapshotComplete", text };
}
