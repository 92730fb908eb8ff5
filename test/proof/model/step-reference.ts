/** What must be true of the steps of every event: a result that is kept is the only one, and its step runs no more. */
type Event = {
  /** Results of effects that have happened, by the step. */
  readonly done: Map<string, Set<string>>;
  readonly kept: Map<string, string>;
};

export class StepReference {
  readonly #events = new Map<string, Event>();
  readonly #violated: (what: string) => void;
  #results = 0;
  /** Everything was lost once: ids may come again, and what runs goes on without what was kept. */
  #isExcused = false;

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
  }

  begins(id: string, step: string): void {
    if (this.#of(id).kept.has(step)) this.#violation(`${step} of ${id} runs, though its result is kept`);
  }

  /** Its effect has happened, with a result of its own. */
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

  /** The handler was given this result. */
  given(id: string, step: string, result: string): void {
    const { kept } = this.#of(id);
    // None: it was handled elsewhere meanwhile.
    if (kept.has(step) && kept.get(step) !== JSON.stringify(result))
      this.#violation(`${result} of ${step} of ${id} is given, and ${kept.get(step)} is kept`);
  }

  /** Handled or given up: nothing is kept of it any more. */
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
