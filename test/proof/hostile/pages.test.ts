import { type Arbitrary, array, constant, constantFrom, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { setup } from "../../http/setup.ts";
import { rawText } from "./arbitraries.ts";
import { watchProcess } from "./open-doors.ts";
import { talk } from "../../support/raw-http.ts";
import { holds, TIMEOUT } from "./runs.ts";

type Request = {
  readonly method: string;
  readonly path: string;
  readonly tail: string;
  readonly headers: readonly string[];
  readonly type: string;
  readonly body: string;
};

const OPEN = ["/healthz", "/readyz", "/metrics"];
const PATHS = [
  "/",
  "/status.json",
  "/desk.js",
  "/events",
  "/events/e-parked",
  "/events/retry-group",
  "/events/retry",
  "/events/retry",
  "/events/discard",
  "/events/discard",
  ...["", "/", "/api/queues", "/api/queues/events", "/api/queues/events/e-parked", "/api/queues/events/1/logs"].map(
    (path) => `/dashboard${path}`,
  ),
  ...["/queue/events", "/static/favicon.ico", "/api/queues/events/e-parked/retry", "/api/queues/pause", "/api"].map(
    (path) => `/dashboard${path}`,
  ),
];
const TAILS = [
  "?notice=%",
  "?notice=retried&notice=__proto__",
  "?a=%E0%A4%A",
  "?__proto__=1",
  "?",
  "#a",
  ";a",
  "%00",
  "%2e%2e/",
  "/..",
  "/../../../../etc/passwd",
  "//",
  "/__proto__",
  "/constructor",
  "/%C0%AE",
  `/${"a".repeat(9_000)}`,
  "\u00ff",
  "?activeQueue=events&status=nothing&page=-1&jobsPerPage=1e9",
  "?activeQueue=__proto__&status[]=a",
  "?page=NaN",
];
const HEADERS = [
  "Accept-Encoding: gzip",
  "If-None-Match: *",
  "Range: bytes=9-1,0-",
  "Cookie: a=b; __proto__=1",
  "X-Forwarded-For: ::1",
  "Expect: 100-continue",
  "Origin: null",
  "Sec-Fetch-Site: cross-site",
  `X-Long: ${"x".repeat(9_000)}`,
  "X: \u00e9",
  "Authorization: Basic",
  "Authorization: Basic %%%",
  "Authorization: Basic Og==",
  "Authorization: Bearer x",
];
const TYPES = [
  "application/x-www-form-urlencoded",
  "application/json",
  "multipart/form-data",
  "multipart/form-data; boundary=b",
  "text/plain",
  "application/json; charset=utf-7",
  "",
  "multipart/form-data; boundary=",
  "\u00ff",
];
const FORMS = [
  "id=e-parked",
  "id=e-parked&reason=because",
  "id=",
  "id=a&id=b",
  "id[]=a",
  "id.a=b",
  "__proto__=1&id=x",
  "id=%",
  "{}",
  '{"id":"e-parked"}',
  "[",
  "--b\r\n",
  '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\na\r\n--b--',
  '--b\r\nContent-Disposition: form-data; name="id"; filename="f"\r\n\r\na\r\n--b--',
  `id=${"a".repeat(70_000)}`,
];
const METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];

const request: Arbitrary<Request> = record({
  method: oneof({ weight: 2, arbitrary: constantFrom("GET", "POST") }, constantFrom(...METHODS)),
  path: constantFrom(...PATHS, ...OPEN),
  tail: oneof({ weight: 3, arbitrary: constant("") }, { weight: 1, arbitrary: constantFrom(...TAILS) }),
  headers: array(constantFrom(...HEADERS), { maxLength: 2 }),
  type: constantFrom(...TYPES),
  body: oneof({ weight: 4, arbitrary: constantFrom(...FORMS) }, { weight: 1, arbitrary: rawText }),
});

/** Requests that claim to be forms but cannot be parsed. */
const FALSE_FORMS: readonly Request[] = ["/events/retry", "/events/discard", "/events/end"].flatMap((path) =>
  ["multipart/form-data", "multipart/form-data; boundary=b"].map((type) => {
    return { method: "POST", path, tail: "", headers: [], type, body: "id=e-parked" };
  }),
);

test("strangers get nothing but probes and metrics, whatever they send", TIMEOUT, async () => {
  const { server, pages } = await setup({ dashboard: { user: "operator", password: "correct horse" } });
  watchProcess();
  await holds("pages to strangers", request, async (one) => {
    const { statuses } = await talk(server.address.port, written(one, ["Host: worker.example"]));
    const [status = 0] = statuses;
    if (OPEN.includes(one.path)) expect(status).toBeLessThan(500);
    // Node itself may refuse a head that is too long.
    else if (one.tail === "") expect([401, 431]).toContain(status);
    else expect(String(status)).toMatch(/^(0|4..)$/);
    expect(pages.openEvents).not.toHaveBeenCalled();
    expect([pages.retry, pages.discard, pages.end].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

test("the operator's browser gets an answer to any request, and no request acts by mistake", TIMEOUT, async () => {
  const { server, pages, lines } = await setup();
  watchProcess();
  const claim = async (one: Request): Promise<void> => {
    lines.splice(0);
    const { statuses } = await talk(
      server.address.port,
      written(one, ["Host: localhost", "Sec-Fetch-Site: same-origin"]),
    );
    expect(
      statuses.filter((status) => status >= 500),
      lines.join(),
    ).toEqual([]);
    for (const [id] of [pages.retry, pages.discard, pages.end].flatMap(({ mock }) => mock.calls.splice(0)))
      expect(id).toMatch(/^[^]{1,512}$/);
    pages.openEvents.mockClear();
    for (const line of lines) expect(JSON.parse(line).level).toBeLessThan(50);
  };
  await holds("pages to the operator", request, claim, FALSE_FORMS);
});

function written({ method, path, tail, headers, type, body }: Request, first: readonly string[]): Buffer {
  const bytes = Buffer.from(body);
  const ending = ["Connection: close", `Content-Type: ${type}`, `Content-Length: ${bytes.length}`];
  const head = [`${method} ${path}${tail} HTTP/1.1`, ...first, ...headers, ...ending, "", ""];
  return Buffer.concat([Buffer.from(head.join("\r\n"), "latin1"), bytes]);
}
