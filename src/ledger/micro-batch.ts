/**
 * Collects the calls of one turn of the event loop into one call, since the overhead of a script call exceeds the
 * script's own cost. While a batch is under way the next one fills. So the slower the store, the larger the batches.
 */
export class MicroBatch<In, Out> {
  readonly #run: (items: readonly In[]) => Promise<readonly Out[]>;
  readonly #max: number;
  #waiting: { item: In; resolve: (out: Out) => void; reject: (err: unknown) => void }[] = [];
  #running = false;

  constructor(max: number, run: (items: readonly In[]) => Promise<readonly Out[]>) {
    this.#max = max;
    this.#run = run;
  }

  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#running) {
        this.#running = true;
        setImmediate(() => void this.#drain());
      }
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#max);
      try {
        const results = await this.#run(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const result = results[index];
          if (result === undefined) reject(new Error("the store gave no answer for this item"));
          else resolve(result);
        }
      } catch (err) {
        for (const { reject } of batch) reject(err);
      }
    }
    this.#running = false;
  }
}
