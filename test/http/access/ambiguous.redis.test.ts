import { connect } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { Hono } from "hono";
import { describe, expect, test, vi } from "vitest";
import type { HttpEnv } from "../../../src/http/access/guard.ts";
import { setup } from "../setup.ts";

const SUFFIX = "a-suffix-nobody-guesses";

/** A server with pages and a callback door. Requests go over a raw socket, since clients tidy URLs up. */
async function open() {
  const taken = vi.fn();
  const callbacks = new Hono<HttpEnv>().post(`/callbacks/vendor/${SUFFIX}`, async (c) => {
    taken(await c.req.text());
    return c.text("taken");
  });
  const { server, pages } = await setup({ callbacks: async () => callbacks });
  const send = async (target: string, { method = "GET", headers = ["Host: localhost"], body = "" } = {}) => {
    const socket = connect(server.address.port, "127.0.0.1");
    const ending = ["Connection: close", `Content-Length: ${body.length}`, "", body];
    socket.write(Buffer.from([`${method} ${target} HTTP/1.1`, ...headers, ...ending].join("\r\n"), "latin1"));
    return await readAll(socket);
  };
  return { send, taken, pages };
}

describe("a request that a proxy may have understood differently gets 400:", () => {
  test.each([
    ["a dot segment", "/callbacks/../status.json"],
    ["a dot segment at the end", "/callbacks/.."],
    ["a single dot", "/./status.json"],
    ["a dot segment with a parameter", "/callbacks/..;x/status.json"],
    ["a dot segment behind a parameter", "/callbacks;/../status.json"],
    ["encoded dots", "/callbacks/%2e%2e/status.json"],
    ["one encoded dot", "/callbacks/.%2E/status.json"],
    ["the other encoded dot", "/callbacks/%2e./status.json"],
    ["an encoded slash", "/callbacks%2fx/../status.json"],
    ["an encoded slash alone", "/callbacks%2Fx"],
    ["an encoded slash and dots", "/callbacks/..%2fstatus.json"],
    ["an encoded backslash", "/callbacks/..%5Cstatus.json"],
    ["a backslash", "/callbacks/..\\status.json"],
    ["a backslash at the start", "/\\status.json"],
    ["dots that are encoded twice", "/callbacks/%252e%252e/status.json"],
    ["a slash that is encoded three times", "/callbacks%25252fx"],
    ["an overlong dot", "/callbacks/%c0%ae%c0%ae/status.json"],
    ["an encoded NUL", "/status.json%00"],
    ["an encoded line break", "/status.json%0d%0aX:%201"],
    ["a broken encoding", "/status.json%2"],
    ["an encoding of no letters", "/status.json%zz"],
    ["an empty segment", "/callbacks//x"],
    ["two slashes at the start", "//status.json"],
    ["a name of another host", "//localhost/status.json"],
    ["a fragment", "/callbacks/x#/../status.json"],
    ["a letter that URLs do not have", "/status.json|"],
    ["a dot segment in a whole URL", "http://localhost/callbacks/../status.json"],
    ["a hidden slash in a whole URL", "http://localhost/callbacks%2f"],
    ["a user in a whole URL", "http://localhost@example.com/status.json"],
    ["a backslash in a whole URL", "http://localhost\\example.com/status.json"],
    ["another scheme", "ftp://localhost/status.json"],
    ["a scheme in capitals", "HTTP://localhost/status.json"],
    ["no path at all", "*"],
  ])("%s", async (_what, target) => {
    const { send, taken, pages } = await open();

    for (const method of ["GET", "POST"]) expect(await send(target, { method })).toMatch(/^HTTP\/1\.1 400 /);

    expect(taken).not.toHaveBeenCalled();
    expect(pages.openEvents).not.toHaveBeenCalled();
  });

  test("two Host headers, in any order", async () => {
    const { send } = await open();

    for (const headers of [
      ["Host: localhost", "Host: worker.example.com"],
      ["Host: worker.example.com", "host: localhost"],
      ["Host: localhost", "Host: localhost"],
    ])
      expect(await send("/healthz", { headers })).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a callback whose path only matches after it is normalised", async () => {
    const { send, taken } = await open();

    for (const path of [
      `/callbacks/./vendor/${SUFFIX}`,
      `/x/../callbacks/vendor/${SUFFIX}`,
      `/callbacks/vendor%2f${SUFFIX}`,
    ])
      expect(await send(path, { method: "POST", body: "{}" })).toMatch(/^HTTP\/1\.1 400 /);

    expect(taken).not.toHaveBeenCalled();
  });

  test("with a text that says what is wrong", async () => {
    const { send } = await open();

    expect(await send("/callbacks//vendor")).toContain("Refused: the path has a dot segment, an empty segment");
  });
});

describe("a plain request is routed as usual:", () => {
  test.each([
    ["a page", "/status.json"],
    ["a page with dots and slashes in its query", "/status.json?back=/../x%2f%2e%2e\\"],
    ["an event in the dashboard", "/dashboard/queue/events/ev-x_Y-3?status=failed"],
    ["a letter that is encoded without need", "/%68ealthz"],
    ["a whole URL", "http://localhost/healthz"],
    ["a whole URL with nothing but a query", "http://localhost?x=1"],
  ])("%s", async (_what, target) => {
    const { send } = await open();

    expect(await send(target)).toMatch(/^HTTP\/1\.1 (200|403) /);
  });

  test("a callback", async () => {
    const { send, taken } = await open();

    expect(await send(`/callbacks/vendor/${SUFFIX}?a=%`, { method: "POST", body: "{}" })).toMatch(/^HTTP\/1\.1 200 /);

    expect(taken).toHaveBeenCalledWith("{}");
  });
});
