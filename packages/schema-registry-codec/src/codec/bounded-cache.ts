/** A map that forgets what was used longest ago when it holds too much, and what is older than was said. */
export class BoundedCache<K, V> {
  private readonly entries = new Map<K, { readonly value: V; readonly until: number }>()

  public constructor(private readonly most: number) {}

  /** What is known. */
  public get(key: K): V | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    this.entries.delete(key)
    if (entry.until <= performance.now()) return undefined
    this.entries.set(key, entry)
    return entry.value
  }

  /** Remembers, for so many milliseconds. */
  public set(key: K, value: V, forMs = Infinity): void {
    this.entries.delete(key)
    this.entries.set(key, { value, until: performance.now() + forMs })
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most) break
      this.entries.delete(oldest)
    }
  }

  /** How many entries there are. */
  public get size(): number {
    return this.entries.size
  }
}
