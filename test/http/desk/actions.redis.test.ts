import { expect, test } from "vitest";
import { parked, setup } from "../setup.ts";

const here = { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

test("the desk's Retry button retries the event and shows the result", async () => {
  const { ask, pages } = await setup();

  const done = await ask("/events/retry", { method: "POST", headers: here, body: form({ id: "e-parked" }) });
  const gone = await ask("/events/retry", { method: "POST", headers: here, body: form({ id: "e-unknown" }) });

  expect(pages.retry).toHaveBeenCalledWith("e-parked", "127.0.0.1");
  expect(done).toMatchObject({ status: 303, headers: { location: "/?notice=retried" } });
  expect(gone).toMatchObject({ status: 303, headers: { location: "/?notice=not-parked" } });
  expect((await ask("/?notice=retried")).text).toContain("The event gets another attempt.");
});

test("Discard on the desk needs a reason, which is stored, and logged with the person's address", async () => {
  const { ask, pages, lines } = await setup();
  const discard = (fields: Record<string, string>) =>
    ask("/events/discard", { method: "POST", headers: here, body: form(fields) });

  expect(await discard({ id: "e-parked" })).toMatchObject({ status: 400 });
  expect(await discard({ id: "e-parked", reason: "   " })).toMatchObject({ status: 400 });
  expect(await discard({ reason: "a test upload" })).toMatchObject({ status: 400 });
  expect(await discard({ id: "e-parked", reason: "x".repeat(501) })).toMatchObject({ status: 400 });
  expect(pages.discard).not.toHaveBeenCalled();

  const done = await discard({ id: "e-parked", reason: " a test upload " });

  expect(done).toMatchObject({ status: 303, headers: { location: "/?notice=discarded" } });
  expect(pages.discard.mock.calls).toEqual([["e-parked", "a test upload", "127.0.0.1"]]);
  expect(lines.join("")).toMatch(/"reason":"a test upload".*"address":"127\.0\.0\.1"/);
});

test("ending a handled event on the desk needs a reason too", async () => {
  const { ask, pages } = await setup({ openEvents: [{ ...parked, id: "e-handled", state: "handled" }] });
  const end = (fields: Record<string, string>) =>
    ask("/events/end", { method: "POST", headers: here, body: form(fields) });

  expect(await end({ id: "e-handled" })).toMatchObject({ status: 400 });
  expect(pages.end).not.toHaveBeenCalled();
  expect(await end({ id: "e-unknown", reason: "seen" })).toMatchObject({
    headers: { location: "/?notice=not-handled" },
  });
  expect(await end({ id: "e-handled", reason: "seen" })).toMatchObject({ headers: { location: "/?notice=ended" } });
  expect(pages.end).toHaveBeenLastCalledWith("e-handled", "seen", "127.0.0.1");
});

test.each(["multipart/form-data", "multipart/form-data; boundary=b"])(
  "a form that cannot be parsed has no fields: %s",
  async (type) => {
    const { ask } = await setup();
    const headers = { ...here, "content-type": type };

    for (const path of ["/events/retry", "/events/discard"])
      expect(await ask(path, { method: "POST", headers, body: "id=e-parked" }), path).toMatchObject({ status: 400 });
  },
);

test("the desk's actions cannot be triggered by GET", async () => {
  const { ask, pages } = await setup();

  expect(await ask("/events/retry?id=e-parked")).toMatchObject({ status: 404 });
  expect(await ask("/events/discard?id=e-parked&reason=x")).toMatchObject({ status: 404 });
  expect(pages.retry).not.toHaveBeenCalled();
});

test("a form of more than 64 KB is refused, with and without a length", async () => {
  const { ask, pages } = await setup();
  const body = form({ id: "e-parked", reason: "x".repeat(70_000) });

  const long = await ask("/events/discard", {
    method: "POST",
    headers: { ...here, "content-length": `${body.length}` },
    body,
  });
  const chunked = await ask("/events/discard", {
    method: "POST",
    headers: { ...here, "transfer-encoding": "chunked" },
    body,
  });

  expect([long.status, chunked.status]).toEqual([413, 413]);
  expect(pages.discard).not.toHaveBeenCalled();
});

test("a failed action is shown to the operator, and its cause is logged", async () => {
  const { ask, pages, lines } = await setup();
  pages.retry.mockRejectedValue(new Error("Connection is closed."));

  const { status, text } = await ask("/events/retry", {
    method: "POST",
    headers: here,
    body: form({ id: "e-parked" }),
  });

  expect(status).toBe(500);
  expect(text).not.toContain("Connection is closed.");
  expect(lines.join("")).toContain("Connection is closed.");
});
