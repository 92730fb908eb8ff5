import type { Logger } from "pino";
import { onTestFinished } from "vitest";
import { createLogGroups } from "../../src/core/log-groups.ts";

/** Groups repeated lines, as the log does that a worker gives to its parts. */
export function groupedLog(log: Logger): Logger {
  const groups = createLogGroups();
  onTestFinished(groups.close);
  return groups.of(log);
}
