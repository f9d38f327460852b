import type { A } from "./a";

/** What a store can do. */
export interface Store<T> extends Base {
  get(key: string): T;
}
export type Key = string | number;
enum Color { Red, Green }
export abstract class Cache implements Store<number> {
  private items = new Map<string, number>();
  constructor(private readonly size: number) { super(); }
  get(key: string): number { return this.items.get(key) ?? 0; }
  protected abstract evict(): void;
}
export const make = (n: number): Cache => new Cache(n);
declare function outer(x: Key): void;
namespace inner { export function f() {} }
