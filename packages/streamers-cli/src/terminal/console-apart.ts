import { Console } from 'node:console'

const METHODS = [
  'log',
  'info',
  'debug',
  'dir',
  'dirxml',
  'table',
  'group',
  'groupEnd',
  'count',
  'timeLog',
  'timeEnd',
] as const

/**
 * Makes the console of this process write to standard error. Apps, handlers and connectors may write to the console. Standard output is for the answer of
 * the command, which programs read.
 */
export function consoleToStandardError(): void {
  const apart = new Console(process.stderr)
  for (const method of METHODS) console[method] = apart[method].bind(apart) as never
}
