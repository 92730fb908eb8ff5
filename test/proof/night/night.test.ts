import { expect, test } from "vitest";
import { gapsIn } from "./judge.ts";
import { doctorSays, firstScreen, type Look } from "./look.ts";
import { playNight } from "./night.ts";
import { nightPage, violationsOf } from "./report.ts";

const PAUSED = {
  code: "queue-paused",
  fact: "the queue is paused, no job starts",
  fix: "resume it on /dashboard",
} as const;
const PAGE = `<section class="readiness not-ready"><h2>Not ready</h2><ul>
  <li id="queue-paused">the queue is paused, no job starts, <b>resume it on /dashboard</b>
  <span class="quiet">for 12 s</span></li></ul></section>`;
const DOCTOR = `
HTTP
  ok       port 4000 of 127.0.0.1 is free
  problem  port 3000 of 127.0.0.1: a worker runs there, and is not ready
           - the queue is paused, no job starts; resume it on /dashboard
           fix: look at http://127.0.0.1:3000/ and at its log
  warning  Redis is almost full: 9.0 MiB of 10.0 MiB are used
           fix: raise maxmemory

1 problem, 1 warning. Whether events can be pulled shows: npm run peek
`;

const LOOK: Look = {
  readyz: { status: 503, problems: [PAUSED] },
  doctor: { code: 1, ...doctorSays(DOCTOR) },
  page: firstScreen(PAGE),
};

test("the night's reader keeps apart what doctor found itself and what a worker reported", () => {
  expect(doctorSays(DOCTOR)).toEqual({
    own: ["warning: Redis is almost full: 9.0 MiB of 10.0 MiB are used; raise maxmemory"],
    ofWorker: ["the queue is paused, no job starts; resume it on /dashboard"],
    verdict: "1 problem, 1 warning",
  });
});

test("a trouble that all three places report with its fix has no gap, and one that a place hides has one", () => {
  const allIsWell: Look["doctor"] = { code: 0, own: [], ofWorker: [], verdict: "0 problems, 0 warnings" };
  const stranger = { code: "pull-failing", source: "s", fact: "HTTP 500", fix: "wait" } as const;
  const also: Look = { ...LOOK, readyz: { status: 503, problems: [stranger, PAUSED] } };

  expect(gapsIn(LOOK, undefined, "queue-paused")).toEqual([]);
  expect(gapsIn({ ...LOOK, doctor: allIsWell }, undefined, "queue-paused")).toEqual(["doctor knows nothing of it"]);
  expect(gapsIn({ ...LOOK, page: firstScreen("") }, undefined, "queue-paused")).toEqual([
    "the page does not say what /readyz says",
  ]);
  expect(gapsIn(LOOK, LOOK, "queue-paused")).toEqual(["/readyz does not tell queue-paused"]);
  expect(gapsIn(also, undefined, "queue-paused")).toEqual(["/readyz blames something else too: s: HTTP 500; wait"]);
  expect(gapsIn(LOOK, undefined, undefined)).toHaveLength(1);
  expect(gapsIn(LOOK, LOOK, undefined)).toEqual([]);
});

test("in a small night all three places report a paused queue and parked events, and everything ends well", async ({
  signal,
}) => {
  const night = await playNight({ events: 25, parked: 10, only: "pauses the queue" }, () => {}, signal);

  expect(violationsOf(night)).toEqual([]);
  expect(nightPage(night)).toMatch(/\| Somebody pauses the queue \| 503 after .* `queue-paused`: the queue is paused/);
}, 120_000);
