/** What a process is asked for. */
interface Call {
  readonly id: number
  readonly method: string
  readonly args: unknown[]
}

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>

/** Makes this process answer its parent's calls, until the parent lets go of it. */
export function answer(methods: Methods): void {
  process.on('message', ({ id, method, args }: Call) => {
    Promise.resolve()
      .then(() => methods[method](...(args as never[])))
      .then(
        (result) => process.send?.({ id, result }),
        (error: Error) => process.send?.({ id, error: error.stack ?? String(error) })
      )
  })
  process.on('disconnect', () => process.exit(0))
}
