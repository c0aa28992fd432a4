import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'

/** What a script that was started with `--help`, or wrongly, throws to end: `main` of `parsed` takes it. */
type Values<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>

/**
 * What the arguments of a script say, as `read` makes it of them. For `--help` or `-h` it prints the help and ends the process; for options that are not known or
 * that `read` refuses it prints why, and the help, and ends it with 2.
 */
export function parsed<const O extends NonNullable<ParseArgsConfig['options']>, T>(
  args: readonly string[],
  help: string,
  { options, allowPositionals = false }: { readonly options: O; readonly allowPositionals?: boolean },
  read: (given: Values<{ args: string[]; options: O; allowPositionals: boolean }>) => T
): T {
  try {
    if (args.some((arg) => arg === '--help' || arg === '-h')) {
      console.log(help)
      process.exit(0)
    }
    return read(parseArgs({ args: [...args], options, allowPositionals }))
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

/** An option's value as a whole number from 1. */
export function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`${name} takes a whole number from 1, not '${text}'.`)
  return number
}
