/** Everything that the bench measures, in the order in which it does. */
import type { Row } from "../kit/row.ts";
import { backlog } from "./backlog.ts";
import { calls } from "./calls.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { oddOnes } from "./odd.ts";
import { start } from "./start.ts";
import { throughput } from "./throughput.ts";

export const ROWS: ReadonlyMap<string, Row> = new Map(
  Object.entries({ throughput, latency, calls, odd: oddOnes, start, backlog, memory }),
);
