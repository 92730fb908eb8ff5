import { sleep } from "../../../src/core/sleep.ts";
import type { StoreCall } from "./schedule.ts";
import { never, type World } from "./world.ts";

/** How long a lost connection takes to be there again. */
const RECONNECT_MS = 300;
const MOST_MS = 4;
const SLOWEST_MS = 8_000;
const LAST_WORDS_MS = 100;

/** When the store is there. What was sent and not answered when it went is sent again when it is back. */
export class Reachability {
  #endsAt = 0;
  /** How often it went. */
  losses = 0;

  get away(): boolean {
    return performance.now() < this.#endsAt;
  }

  /** Resolves when it is not away. */
  async reached(): Promise<void> {
    while (this.away) await sleep(this.#endsAt - performance.now());
  }

  go(ms: number): void {
    this.losses += 1;
    this.#endsAt = Math.max(this.#endsAt, performance.now() + ms);
  }
}

/**
 * A replica's connection to the store. Every call takes its time both ways; the replica may die before it, or between its
 * effect and its answer. What was sent takes effect all the same, and who died hears nothing any more.
 */
export class Link {
  readonly #world: World;
  readonly #reachability: Reachability;
  readonly name: string;
  dead = false;
  /** Told to end in order. */
  stopping = false;
  /** Receipts of deliveries that came here, and were not yet given to an inbox. */
  readonly brought = new Set<string>();
  /** What the store could not say, or would not do. */
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
      // What else the process sends meanwhile takes effect.
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

  /** What waits for the store waits in the process, and dies with it. */
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

/** To hear it later, whichever way it ended. */
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
