/** The cluster as the node with our keys sees it. */
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { messageOf } from "../core/failure.ts";
import type { ClusterUrl } from "../settings/redis-url.ts";
import { createNodeAsker } from "./cluster-view.ts";
import { parseInfo, versionIn } from "./redis-check.ts";

export async function checkCluster(redis: Redis, cluster: ClusterUrl): Promise<readonly Finding[]> {
  const { remoteAddress: host = "", remotePort: port = 0 } = redis.stream;
  const asker = createNodeAsker({ host, port }, cluster);
  try {
    const { nodes } = await asker.ask();
    const failed = nodes.filter(({ hasFailed }) => hasFailed);
    const primaries = nodes.filter(({ isPrimary, slots, hasFailed }) => isPrimary && slots.length > 0 && !hasFailed);
    const replicas = nodes.filter(({ isPrimary, hasFailed }) => !isPrimary && !hasFailed);
    const own = versionIn(parseInfo(await redis.info("server").catch(() => "")));
    const fact = `a cluster of ${primaries.length} primaries and ${replicas.length} replicas; our keys lie on ${host}:${port}, version ${own}`;
    return [
      { level: "ok", fact },
      ...failed.map((node): Finding => ({
        level: "warn",
        fact: `the cluster holds its node ${node.host}:${node.port} for gone`,
        fix: "bring it back, or let the cluster forget it",
      })),
    ];
  } catch (err) {
    return [
      { level: "warn", fact: `the cluster does not tell its nodes: ${messageOf(err)}`, fix: "let the user CLUSTER" },
    ];
  } finally {
    asker.close();
  }
}
