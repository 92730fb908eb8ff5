import { sleep } from "../../../src/core/sleep.ts";
import type { StoreCall } from "./schedule.ts";
import { never, type World } from "./world.ts";

/** The time until a lost connection is back. */
const RECONNECT_MS = 300;
const MOST_MS = 4;
const SLOWEST_MS = 8_000;
const LAST_WORDS_MS = 100;

/** Tells whether the store is reachable. Calls without an answer are sent again when the store is back. */
export class Reachability {
  #endsAt = 0;
  /** The number of times that the store went away. */
  losses = 0;

  get away(): boolean {
    return performance.now() < this.#endsAt;
  }

  async reached(): Promise<void> {
    while (this.away) await sleep(this.#endsAt - performance.now());
  }

  go(ms: number): void {
    this.losses += 1;
    this.#endsAt = Math.max(this.#endsAt, performance.now() + ms);
  }
}

/**
 * A replica's connection to the store. Every call takes time in both directions. The replica may die before a call, or
 * between its effect and its answer. A call that was sent takes effect even so, but a dead replica hears no answer.
 */
export class Link {
  readonly #world: World;
  readonly #reachability: Reachability;
  readonly name: string;
  dead = false;
  /** The replica was told to shut down. */
  stopping = false;
  /** Receipts of deliveries that arrived here but have not reached an inbox yet. */
  readonly brought = new Set<string>();
  /** Calls that the store failed or rejected. */
  readonly refused = new Set<StoreCall>();
  onDeath: () => void = () => {};

  constructor(name: string, world: World, reachability: Reachability) {
    this.name = name;
    this.#world = world;
    this.#reachability = reachability;
  }

  die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.#world.trace(`${this.name} died: ${why}`);
    this.onDeath();
  }

  async call<T>(name: StoreCall, effect: () => Promise<T>): Promise<T> {
    if (this.dead) return await never();
    const mishap = this.#world.storeMishap(name);
    if (mishap?.fate === "crash before") {
      // Other calls that the process sends meanwhile still take effect.
      await sleep(mishap.ms % LAST_WORDS_MS);
      this.die(`before ${name}`);
      return await never();
    }
    await this.#travel();
    if (mishap?.fate === "late") await sleep(mishap.ms % SLOWEST_MS);
    if (mishap?.fate === "fails") return await this.#fail(name);
    for (let first = true; ; first = false) {
      await this.#reach();
      const { losses } = this.#reachability;
      const answer = await settled(effect());
      if (first && mishap?.fate === "crash after") this.die(`after ${name}`);
      if (first && mishap?.fate === "restart") this.#world.storeGoes(mishap.ms);
      await this.#travel();
      if (first && mishap?.fate === "slow") await sleep(mishap.ms % SLOWEST_MS);
      if (this.dead) return await never();
      if (this.#reachability.losses === losses && !(first && mishap?.fate === "twice")) return answer();
      this.#world.trace(`${this.name} sends ${name} again`);
      await sleep(RECONNECT_MS + this.#world.dice.below(RECONNECT_MS));
    }
  }

  async #fail(name: StoreCall): Promise<never> {
    if (this.dead) return await never();
    this.refused.add(name);
    throw new Error(`the store refuses ${name}`);
  }

  /** A call that waits for the store waits inside the process, and is lost if the process dies. */
  async #reach(): Promise<void> {
    if (!this.#reachability.away) return;
    await this.#reachability.reached();
    if (this.dead) await never();
  }

  async #travel(): Promise<void> {
    const ms = this.#world.dice.below(2 * MOST_MS) - MOST_MS;
    if (ms > 0) await sleep(ms);
  }
}

/** Keeps the result or the error for later. */
export async function settled<T>(promise: Promise<T>): Promise<() => T> {
  try {
    const value = await promise;
    return () => value;
  } catch (err) {
    return () => {
      throw err;
    };
  }
}
