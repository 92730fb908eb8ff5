type Turn = {
  readonly id: string;
  /** Later events of the key must not pass this one. */
  holds: boolean;
  /** The handler failed in this start, and will be tried again. */
  isTriedAgain: boolean;
};

/**
 * Events of one key start in the order in which they were taken in. An event holds its key from its first start,
 * through all attempts, until it has succeeded or is parked. A parked event that is retried comes last.
 */
export class OrderWatch {
  readonly #violated: (what: string) => void;
  readonly #keysOfFingerprints = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  readonly #lines = new Map<string, Turn[]>();
  /** Events that are no longer checked: they lost a lock, or an operator acted on them. */
  readonly #excused = new Set<string>();

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
  }

  happened(fingerprint: string, key: string): void {
    this.#keysOfFingerprints.set(fingerprint, key);
  }

  takenIn(id: string, fingerprint: string): void {
    const key = this.#keysOfFingerprints.get(fingerprint);
    if (key !== undefined) this.#append(id, key);
  }

  /** Called at the moment of the gate's decision. An event that is not in line was parked, and is being retried. */
  entered(id: string, key: string, isGo: boolean): void {
    const turn = this.#turnOf(id) ?? this.#append(id, key);
    if (!isGo) return;
    const line = this.#lines.get(key) ?? [];
    const before = line.slice(0, line.indexOf(turn)).find((one) => one.holds && !this.#excused.has(one.id));
    if (before && !this.#excused.has(id))
      this.#violated(`${id} starts before ${before.id}, which has its key and came first`);
    turn.holds = true;
  }

  /** A process has taken the event's job. */
  taken(id: string): void {
    const turn = this.#turnOf(id);
    if (turn) turn.isTriedAgain = false;
  }

  /** The event will be tried again. */
  failed(id: string): void {
    const turn = this.#turnOf(id);
    if (turn) turn.isTriedAgain = true;
  }

  /** The event has succeeded or is parked, so others may pass it. */
  over(id: string): void {
    const turn = this.#turnOf(id);
    if (turn) turn.holds = false;
  }

  /** The gate has heard that the event is done. */
  left(id: string): void {
    const turn = this.#turnOf(id);
    if (turn && !turn.isTriedAgain) this.#remove(id);
  }

  excuse(id: string): void {
    this.#excused.add(id);
    this.over(id);
  }

  #turnOf(id: string): Turn | undefined {
    return this.#lines.get(this.#keys.get(id) ?? "")?.find((one) => one.id === id);
  }

  #append(id: string, key: string): Turn {
    this.#remove(id);
    const turn = { id, holds: true, isTriedAgain: false };
    this.#keys.set(id, key);
    this.#lines.set(key, [...(this.#lines.get(key) ?? []), turn]);
    return turn;
  }

  #remove(id: string): void {
    const key = this.#keys.get(id);
    if (key === undefined) return;
    this.#keys.delete(id);
    this.#lines.set(
      key,
      (this.#lines.get(key) ?? []).filter((one) => one.id !== id),
    );
  }
}
