export class Counter<Name extends string = string> {
  readonly #counts = new Map<Name, number>();

  add(name: Name, by = 1): void {
    this.#counts.set(name, this.of(name) + by);
  }

  addAll(others: Counter<Name>): void {
    for (const [name, count] of others.#counts) this.add(name, count);
  }

  of(name: Name): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The counts in the order of their first appearance. */
  get text(): string {
    const counts = [...this.#counts].filter(([, count]) => count > 0);
    return counts.map(([name, count]) => `${count} ${name}`).join(", ");
  }
}
