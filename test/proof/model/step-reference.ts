/** The promises for the steps of every event. A step has only one kept result, and does not run again after that. */
type Event = {
  /** The results of all effects that have happened, by step. */
  readonly done: Map<string, Set<string>>;
  readonly kept: Map<string, string>;
};

export class StepReference {
  readonly #events = new Map<string, Event>();
  readonly #violated: (what: string) => void;
  #results = 0;
  /** All data was lost once. Ids may come again, and running handlers have lost their kept results. */
  #isExcused = false;

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
  }

  begins(id: string, step: string): void {
    if (this.#of(id).kept.has(step)) this.#violation(`${step} of ${id} runs, though its result is kept`);
  }

  /** The effect of a step has happened. Each effect has its own result. */
  done(id: string, step: string): string {
    const result = `result ${++this.#results}`;
    const { done } = this.#of(id);
    done.set(step, (done.get(step) ?? new Set()).add(JSON.stringify(result)));
    return result;
  }

  kept(id: string, step: string, result: string): void {
    const { done, kept } = this.#of(id);
    if (done.get(step)?.has(result) !== true)
      this.#violation(`${result} of ${step} of ${id} is kept before its effect`);
    if (kept.has(step) && kept.get(step) !== result)
      this.#violation(`${result} of ${step} of ${id} is kept in place of ${kept.get(step)}`);
    kept.set(step, result);
  }

  /** The handler received this result. */
  given(id: string, step: string, result: string): void {
    const { kept } = this.#of(id);
    // Nothing is kept if the event was handled elsewhere meanwhile.
    if (kept.has(step) && kept.get(step) !== JSON.stringify(result))
      this.#violation(`${result} of ${step} of ${id} is given, and ${kept.get(step)} is kept`);
  }

  /** The event was handled or given up, so none of its results are kept. */
  over(id: string): void {
    this.#events.delete(id);
  }

  excuse(): void {
    this.#isExcused = true;
  }

  #of(id: string): Event {
    const event = this.#events.get(id) ?? { done: new Map<string, Set<string>>(), kept: new Map<string, string>() };
    this.#events.set(id, event);
    return event;
  }

  #violation(what: string): void {
    if (!this.#isExcused) this.#violated(what);
  }
}
