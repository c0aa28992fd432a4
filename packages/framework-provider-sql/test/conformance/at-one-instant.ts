/** Runs work while the clock of this process stands still: all that it does falls into one millisecond. */
export async function atOneInstant<T>(work: () => Promise<T>): Promise<T> {
  const Real = Date
  const instant = Real.now()
  class Still extends Real {
    public constructor(...args: ConstructorParameters<typeof Real> | []) {
      super(...((args.length === 0 ? [instant] : args) as [number]))
    }

    public static override now(): number {
      return instant
    }
  }
  globalThis.Date = Still as DateConstructor
  try {
    return await work()
  } finally {
    globalThis.Date = Real
  }
}
