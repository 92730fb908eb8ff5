/** Finds out what REDIS_URL leads to: one Redis, a primary with replicas, a set with sentinels, or a cluster. */
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { clusterOf } from "./cluster-connector.ts";
import { checkCluster } from "./cluster-topology.ts";
import { checkReplicas } from "./replica-check.ts";
import { askSentinels, type Sentinel } from "./sentinels.ts";

/** The place as REDIS_URL names it. */
export function placeOf(redis: Redis): string {
  const { host, port, sentinels, name } = redis.options;
  const cluster = clusterOf(redis);
  if (cluster) return `the cluster of ${cluster.nodes.map((one) => `${one.host}:${one.port}`).join(", ")}`;
  if (!sentinels) return `${host}:${port}`;
  return `${name} of the sentinels ${sentinels.map((one) => `${one.host}:${one.port}`).join(", ")}`;
}

/** The address that a connection leads to at the moment. */
export function addressOf(redis: Redis): string {
  const { sentinels, name } = redis.options;
  if (!sentinels && !clusterOf(redis)) return placeOf(redis);
  const { remoteAddress, remotePort } = redis.stream;
  return `${sentinels ? name : "our node of the cluster"} at ${remoteAddress}:${remotePort}`;
}

export async function checkTopology(redis: Redis): Promise<readonly Finding[]> {
  const cluster = clusterOf(redis);
  const [replicas, sentinels, nodes] = await Promise.all([
    checkReplicas(redis),
    askSentinels(redis),
    cluster ? checkCluster(redis, cluster) : [],
  ]);
  return [...nodes, ...replicas, ...checkSentinels(sentinels)];
}

function checkSentinels(sentinels: readonly Sentinel[]): readonly Finding[] {
  if (sentinels.length === 0) return [];
  const answering = sentinels.flatMap((one) => ("quorum" in one ? [one] : []));
  const places = new Set(answering.map(({ primary }) => primary ?? "nowhere"));
  const findings: Finding[] = sentinels.flatMap((one) =>
    "trouble" in one
      ? [{ level: "warn", fact: `the sentinel ${one.address} does not answer: ${one.trouble}`, fix: "bring it back" }]
      : [],
  );
  if (places.size > 1) {
    const said = answering.map(({ address, primary }) => `${address} says ${primary ?? "nowhere"}`).join(", ");
    findings.push({
      level: "warn",
      fact: `the sentinels do not agree where the primary is: ${said}`,
      fix: "wait for a failover to end; else look at the one that differs",
    });
  }
  const helpless = answering.find(({ quorum }) => !quorum.startsWith("OK"));
  if (helpless) {
    findings.push({
      level: "error",
      fact: `no failover can happen now, says the sentinel ${helpless.address}: ${helpless.quorum}`,
      fix: "bring the missing sentinels back",
    });
  }
  if (findings.length > 0) return findings;
  const fact = `${sentinels.length} of ${sentinels.length} sentinels answer, and agree on the primary and on a failover`;
  return [{ level: "ok", fact }];
}
