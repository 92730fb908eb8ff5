import { createServer, request as httpRequest } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createVodClient } from "../../../../src/vendors/tencent-vod/pull/client.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { emptyAnswer, listenForTest, scriptedClient } from "./scripted-api.ts";
import { KEYS } from "./simulated.ts";

describe("the proxy of the Tencent client", () => {
  test("is asked for a tunnel to an https endpoint", async () => {
    const proxy = await startProxy();
    const client = createVodClient({
      ...KEYS,
      endpoint: "https://vod.example.com",
      proxyEnv: { HTTPS_PROXY: proxy.url },
    });
    onTestFinished(client.close);

    await failureOf(client.request("PullEvents", {}, z.unknown()));

    expect(proxy.tunnels).toEqual(["vod.example.com:443"]);
    // 22 opens a TLS handshake.
    expect(proxy.firstBytes).toEqual([22]);
  });

  test("that refuses the tunnel is reported without its password", async () => {
    const proxy = await startProxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const url = proxy.url.replace("//", "//user:hunter2@");
    const client = createVodClient({ ...KEYS, endpoint: "https://vod.example.com", proxyEnv: { https_proxy: url } });
    onTestFinished(client.close);

    const err = await failureOf(client.request("PullEvents", {}, z.unknown()));

    expect(err).toMatchObject({ kind: "outage", fix: expect.stringContaining("HTTPS_PROXY") });
    expect(err.message).toContain("407");
    expect(err.message).not.toContain("hunter2");
  });

  test("that does not answer ends the call at its deadline", async () => {
    const proxy = await startProxy("");
    const proxyEnv = { HTTPS_PROXY: proxy.url };
    const client = createVodClient({ ...KEYS, endpoint: "https://vod.example.com", proxyEnv, timeoutMs: 200 });
    onTestFinished(client.close);
    const began = performance.now();

    for (const action of ["PullEvents", "DescribeEventsState"] as const) {
      const err = await failureOf(client.request(action, {}, z.unknown()));
      expect(err.message).toBe(`${action}: no answer from vod.example.com within 200 ms`);
    }

    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("passes on calls to an http endpoint, unless NO_PROXY exempts it", async () => {
    const proxy = await startProxy();
    const proxied = await scriptedClient(emptyAnswer, { proxyEnv: { HTTP_PROXY: proxy.url } });
    const exempt = await scriptedClient(emptyAnswer, { proxyEnv: { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" } });

    await proxied.call("PullEvents");
    await exempt.call("PullEvents");

    expect(proxy.passedOn).toEqual([`${proxied.url}/`]);
  });

  test("whose address is invalid is a configuration fault that does not quote it", () => {
    const proxyEnv = { HTTPS_PROXY: "http://user:hunter2@:bad:" };

    expect(() => createVodClient({ ...KEYS, proxyEnv })).toThrow(
      expect.objectContaining({ kind: "configuration", message: "the proxy's address is not a URL" }),
    );
  });
});

/** Tunnels nothing: it notes what it is asked, answers `greeting`, and closes once the client has spoken. */
async function startProxy(greeting = "HTTP/1.1 200 Connection established\r\n\r\n") {
  const tunnels: (string | undefined)[] = [];
  const firstBytes: (number | undefined)[] = [];
  const passedOn: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    passedOn.push(request.url);
    const { method, headers } = request;
    const onward = httpRequest(new URL(request.url ?? ""), { ...(method && { method }), headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    tunnels.push(request.url);
    socket.on("error", () => {});
    socket.once("data", (bytes: Buffer) => {
      firstBytes.push(bytes[0]);
      socket.destroy();
    });
    socket.write(greeting);
  });
  return { url: await listenForTest(server), tunnels, firstBytes, passedOn };
}
