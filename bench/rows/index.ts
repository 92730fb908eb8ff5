/** All rows of the bench, in their order. */
import type { Row } from "../kit/row.ts";
import { backlog } from "./backlog.ts";
import { calls } from "./calls.ts";
import { ceiling } from "./ceiling.ts";
import { growth } from "./growth.ts";
import { history } from "./history.ts";
import { large } from "./large.ts";
import { latency } from "./latency.ts";
import { longRun } from "./long-run.ts";
import { memory } from "./memory.ts";
import { oddOnes } from "./odd.ts";
import { peers } from "./peers.ts";
import { scale } from "./scale.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";

export const ROWS: ReadonlyMap<string, Row> = new Map(
  Object.entries({
    throughput,
    latency,
    calls,
    odd: oddOnes,
    start,
    ceiling,
    growth,
    scale,
    large,
    backlog,
    memory,
    history,
    "long-run": longRun,
    peers,
  }),
);
