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
 * Has the console of this process write to standard error. An app says something when it is loaded, and so do its handlers and connectors; standard output is for what a command answers,
 * which programs read.
 */
export function consoleToStandardError(): void {
  const apart = new Console(process.stderr)
  for (const method of METHODS) console[method] = apart[method].bind(apart) as never
}
