/** First in, first out, in constant time; `Array.shift` moves every item behind it. */
export class Fifo<T extends object> {
  #items: T[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head += 1;
    if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes the newest item, not the oldest. */
  pop(): T | undefined {
    return this.#head < this.#items.length ? this.#items.pop() : undefined;
  }
}
