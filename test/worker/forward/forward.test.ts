import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { forward, type ForwardOptions } from "../../../src/worker/forward/forward.ts";
import { eventOf } from "../context.ts";
import { secret, setup, status } from "./forward-setup.ts";

describe("a forwarded event", () => {
  test("can be verified as a standard webhook, and has the event as the vendor sent it", async () => {
    const { run, received } = await setup(status(204));

    await run({ attempt: 3 });

    expect(received).toHaveLength(1);
    const [{ headers, method, body } = { headers: {}, method: "", body: "" }] = received;
    expect(method).toBe("POST");
    expect(headers).toMatchObject({ "content-type": "application/json", "webhook-id": "tv-4711" });
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      id: "tv-4711",
      fingerprint: "fp-of-content",
      vendor: "tencent-vod",
      door: "pull",
      type: "NewFileUpload",
      receivedAt: "2026-11-20T10:00:00.000Z",
      attempt: 3,
      event: eventOf().body,
    });
  });

  test("cannot be verified with another secret, a changed body or a changed id", async () => {
    const { run, received } = await setup(status(200));
    await run();

    const [{ headers, body } = { headers: {}, body: "" }] = received;
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString("base64")}`);
    expect(() => other.verify(body, headers)).toThrow("No matching signature found");
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow("No matching signature found");
    expect(() => new Webhook(secret).verify(body, { ...headers, "webhook-id": "tv-4712" })).toThrow(
      "No matching signature found",
    );
  });

  test("has the same id in a retry", async () => {
    const { run, received } = await setup(status(200));

    await run({ attempt: 1 });
    await run({ attempt: 2 });

    expect(received.map(({ headers }) => headers["webhook-id"])).toEqual(["tv-4711", "tv-4711"]);
  });

  test("may be of every type of every vendor, or only of the configured ones", async () => {
    const { handler } = await setup(status(200));
    const some = { vendor: "tencent-vod", type: "FileDeleted", attempts: 3, timeoutMs: 5_000 };

    expect(handler).toMatchObject({ vendor: "*", type: "*" });
    expect((await setup(status(200), some)).handler).toEqual({ ...some, run: expect.any(Function) });
  });

  test("can be verified with the old and the new secret while the secret is changed", async () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    const { run, received } = await setup(status(200), { secrets: [other, secret] });

    await run();

    const [{ headers, body } = { headers: {}, body: "" }] = received;
    for (const known of [other, secret])
      expect(new Webhook(known).verify(body, headers)).toMatchObject({ id: "tv-4711" });
  });

  test("as a CloudEvent has the vendor's body, signed, and everything else in headers", async () => {
    const { run, received } = await setup(status(200), { format: "cloudevents" });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    await run({ attempt: 2, event: eventOf({ type: 'Käse "5%" ☕', traceparent }), replay: { id: "tv-1" } });

    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(JSON.parse(body)).toEqual(eventOf().body);
    expect(new Webhook(secret).verify(body, headers)).toEqual(eventOf().body);
    expect(
      Object.fromEntries(Object.entries(headers).filter(([name]) => /^ce-|^content-type|^trace/.test(name))),
    ).toEqual({
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "tv-4711",
      "ce-source": "tencent-vod/1500000001",
      "ce-type": "tencent-vod.K%C3%A4se%20%225%25%22%20%E2%98%95",
      "ce-time": "2026-11-20T10:00:00.000Z",
      "ce-fingerprint": "fp-of-content",
      "ce-attempt": "2",
      "ce-replayof": "tv-1",
      "ce-traceparent": traceparent,
      traceparent,
    });
  });

  test.each(["standard", "cloudevents"] as const)("of 1 MB arrives complete and signed, as %s", async (format) => {
    const { run, received } = await setup(status(200), { format });
    const body = { ...eventOf().body, Description: "Käse ☕ ".repeat(100_000) };

    await run({ event: eventOf({ body }) });

    const [sent] = received;
    expect(Buffer.byteLength(sent?.body ?? "")).toBeGreaterThan(1_000_000);
    const verified = new Webhook(secret).verify(sent?.body ?? "", sent?.headers ?? {});
    expect(format === "standard" ? verified : { event: verified }).toMatchObject({ event: body });
  });

  test("carries configured headers, also computed ones, but none that replaces the format's", async () => {
    const fixed = await setup(status(200), { headers: { authorization: "Bearer t0ken" } });
    const made = await setup(status(200), {
      headers: ({ event }) => ({ "x-type": event.type, "webhook-id": "forged" }),
    });

    await fixed.run();
    await made.run();

    expect(fixed.received[0]?.headers).toMatchObject({ authorization: "Bearer t0ken" });
    expect(made.received[0]?.headers).toMatchObject({ "x-type": "NewFileUpload", "webhook-id": "tv-4711" });
  });

  test("says in its body that it is a replay", async () => {
    const { run, received } = await setup(status(200));

    await run({ replay: { id: "tv-1" } });

    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ id: "tv-4711", replay: { id: "tv-1" } });
  });

  test.each<[string, Partial<ForwardOptions>, string]>([
    ["no URL", { url: "receiver" }, "url is not an http:// or https:// URL"],
    [
      "a password in the URL",
      { url: "https://u:s3cret@a.example" },
      "url has a user or a password in it; use a header",
    ],
    ["no secret", { secrets: [] }, "a secret is not whsec_ and the base64 of 24 to 64 bytes"],
    ["a secret that is none", { secrets: [secret, "s3cret"] }, "a secret is not whsec_ and the base64"],
    ["a header of the format's", { headers: { "Webhook-Id": "s3cret" } }, "headers: Webhook-Id is set by the format"],
    [
      "a header that breaks the line",
      { headers: { a: "s3cret\r\nb: c" } },
      'headers: "a" is no header, or has a value',
    ],
  ])("has a mistake in its configuration with %s, and the error shows no secret", (_, options, mistake) => {
    const make = () => forward({ url: "https://a.example", secrets: secret, ...options });

    expect(make).toThrow(`forward: ${mistake}`);
    expect(make).not.toThrow("s3cret");
  });

  test("reuses connections, also if the answers have bodies", async () => {
    const { run, received, connections } = await setup((_, response) => {
      response.writeHead(200).end("x".repeat(20_000));
    });

    for (let count = 0; count < 10; count++) await run();

    expect(received).toHaveLength(10);
    expect(connections()).toBeLessThan(5);
  });
});
