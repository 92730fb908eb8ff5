import { expect, test } from "vitest";
import { atEnd } from "../support/at-end.ts";
import { makeCertificate } from "../support/certificate.ts";
import { runToEnd } from "../support/process.ts";
import { startRedisCluster } from "../support/redis-cluster.ts";
import { startSentinelSet } from "../support/sentinel-set.ts";
import { scripted } from "../support/scripted-events.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const PREFIX = "over-tls";

/** The servers of one kind, encrypted, and how their primary is killed and replaced. */
const GROUNDS = {
  async cluster(tls: Awaited<ReturnType<typeof makeCertificate>>) {
    const { close, ownerOf, nodes, url } = await startRedisCluster({ tls, password: "of-all/%" });
    return {
      url,
      close,
      found: /ok +our node of the cluster at 127\.0\.0\.1:\d+ answers in/,
      async fail() {
        const before = await ownerOf(PREFIX);
        before.process.kill("SIGKILL");
        const others = nodes.filter(({ id }) => id !== before.id);
        await until("another node serves our slot", async () => (await ownerOf(PREFIX, others)).id !== before.id);
      },
    };
  },
  async sentinels(tls: Awaited<ReturnType<typeof makeCertificate>>) {
    const { close, primary, primaryPort, replaced, url } = await startSentinelSet({ tls, password: "of-all/%" });
    return {
      url,
      close,
      found: /ok +events at 127\.0\.0\.1:\d+ answers in/,
      async fail() {
        const port = await primaryPort();
        (await primary()).process.kill("SIGKILL");
        await replaced(port);
      },
    };
  },
} as const;

test.each(["cluster", "sentinels"] as const)(
  "over TLS, %s: events of both doors are handled before and after a failover, and only if the certificate is trusted",
  { timeout: 120_000 },
  async (kind) => {
    const tls = await makeCertificate(await tempFolder());
    const { url, close, fail, found } = await GROUNDS[kind](tls);
    atEnd(close);
    const { doors, env, folder, phasesOf, publish, seen, start } = await setupDoors(
      { "tencent-vod": TENCENT, "tencent-vod-push": { pauseMs: 1_000 } },
      { redis: { url, prefix: PREFIX } },
    );
    const known = { NODE_EXTRA_CA_CERTS: tls.certFile };
    await start(known);

    for (const when of ["before", "after"]) {
      publish(`pulled ${when}`, {}, "tencent-vod");
      const pushed = await doors["tencent-vod-push"].send(
        scripted("tencent-vod", { key: `pushed ${when}`, script: {} }),
      );
      expect(pushed.delivered).toBe(true);
      for (const key of [`pulled ${when}`, `pushed ${when}`])
        await until(`${key} is handled`, () => phasesOf(key).includes("success"));
      await until("it is confirmed", () => seen(`pulled ${when}`).confirmedAt !== undefined);
      if (when === "before") await fail();
    }
    const [trusting, strange] = [
      await runToEnd({ ...env, ...known }, ["doctor"], folder),
      await runToEnd(env, ["doctor"], folder),
    ];

    expect(url).toMatch(/^rediss\+(cluster|sentinel):/);
    expect(trusting.text).toMatch(found);
    expect(strange.text).toMatch(
      /problem +REDIS_URL: .* shows a certificate that this process does not trust \(self-signed certificate\)/,
    );
  },
);
