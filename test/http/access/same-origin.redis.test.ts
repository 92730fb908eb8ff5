import { expect, test } from "vitest";
import { PASSWORD, SIGNED_IN, setup } from "../setup.ts";

const dashboard = { user: "operator", password: PASSWORD };
const here = "worker.example.com:3000";
const body = "id=e-parked";
const form = { "content-type": "application/x-www-form-urlencoded", "content-length": `${body.length}` };

async function post(headers: Record<string, string>, path = "/events/retry", method = "POST") {
  const { ask, pages } = await setup({ dashboard });
  const { status } = await ask(path, {
    method,
    body,
    headers: { ...form, authorization: SIGNED_IN, host: here, ...headers },
  });
  return { status, retried: pages.retry.mock.calls.length };
}

test.each([
  [{ "sec-fetch-site": "same-origin" }],
  [{ "sec-fetch-site": "same-origin", origin: "null" }],
  [{ origin: `http://${here}` }],
  [{ origin: `https://${here}` }],
  [{ "content-type": "application/json" }],
])("a request from our own pages, or from a script that says so, is accepted: %o", async (headers) => {
  const { status } = await post(headers);

  expect(status).not.toBe(403);
});

test.each([
  [{ "sec-fetch-site": "cross-site" }],
  [{ "sec-fetch-site": "same-site" }],
  [{ "sec-fetch-site": "none" }],
  [{ "sec-fetch-site": "" }],
  [{ "sec-fetch-site": "cross-site", origin: `http://${here}` }],
  [{ "sec-fetch-site": "cross-site", "content-type": "application/json" }],
  [{ origin: "https://evil.example" }],
  [{ origin: "https://evil.example", "content-type": "application/json" }],
  [{ origin: "http://worker.example.com" }],
  [{ origin: "null" }],
  [{ origin: "nonsense" }],
  [{}],
  [{ "content-type": "text/plain" }],
  [{ "content-type": "multipart/form-data; boundary=x" }],
])("a request from a foreign page is refused, even from a signed-in browser: %o", async (headers) => {
  const { status, retried } = await post(headers);

  expect({ status, retried }).toEqual({ status: 403, retried: 0 });
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("a foreign %s to the dashboard is refused", async (method) => {
  const { status } = await post({ "sec-fetch-site": "cross-site" }, "/dashboard/api/queues/events/pause", method);

  expect(status).toBe(403);
});
