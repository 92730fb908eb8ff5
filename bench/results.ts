/** Every number of a run of the bench, as `--json` writes it. */
import type { Backlog } from "./backlog.ts";
import type { Calls } from "./calls.ts";
import type { Latency } from "./latency.ts";
import type { Memory } from "./memory.ts";
import type { Odd } from "./odd.ts";
import type { Start } from "./start.ts";
import type { Throughput } from "./throughput.ts";

export type Results = {
  /** Of each throughput run. */
  readonly events: number;
  readonly throughput: readonly {
    readonly worker: Throughput;
    readonly loop: Throughput;
    readonly queue: Throughput;
    /** BullMQ alone, beside a plain loop. */
    readonly both: Throughput;
  }[];
  readonly backlogs?: readonly Backlog[] | undefined;
  readonly latency?:
    | readonly { readonly callMs: number; readonly worker: Latency; readonly loop: Latency }[]
    | undefined;
  readonly calls?: { readonly worker: Calls; readonly loop: Calls } | undefined;
  readonly odd?: readonly Odd[] | undefined;
  readonly start?: readonly Start[] | undefined;
  readonly memory?: (Memory & { readonly events: number }) | undefined;
};
