/** The workers' own counts, read from the metrics of each process. */
export type WorkerCounts = {
  /** Handlers that succeeded. */
  readonly handled: number;
  /** Callbacks that were answered 200. */
  readonly taken: number;
  /** Jobs whose lock was not renewed in time. */
  readonly locksLost: number;
  /** Jobs that were taken over because their lock had run out. */
  readonly takenOver: number;
};

export async function countsOf(workers: readonly { readonly url: string }[]): Promise<WorkerCounts> {
  const texts = await Promise.all(workers.map(async ({ url }) => await (await fetch(`${url}/metrics`)).text()));
  const text = texts.join("\n");
  return {
    handled: sumOf(text, /^reliable_callback_handled_total\{.*\} (\d+)$/gm),
    taken: sumOf(text, /^reliable_callback_callbacks_total\{.*outcome="taken".*\} (\d+)$/gm),
    locksLost: sumOf(text, /^reliable_callback_locks_lost_total (\d+)$/gm),
    takenOver: sumOf(text, /^reliable_callback_crashes_total (\d+)$/gm),
  };
}

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0);
}
