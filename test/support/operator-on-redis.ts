import { pino } from "pino";
import { createOperator, type OperatorOptions } from "../../src/queue/operator.ts";
import { RecordingMeter } from "./recording.ts";

type Options = Pick<OperatorOptions, "redis" | "inbox"> &
  Partial<Pick<OperatorOptions, "log" | "confirm">> & { readonly source: OperatorOptions["sources"][number] };

const SILENT = pino({ level: "silent" });

/** The operator of one source. By default its confirmations go nowhere. */
export function operatorOnRedis({ redis, inbox, source, confirm = () => {}, log = SILENT }: Options) {
  return createOperator({
    redis,
    inbox,
    sources: [source],
    maxWaiting: 1_000,
    confirm,
    log,
    meter: new RecordingMeter(),
  });
}
