import type { Started } from './started'

/** What the services publish that none of them handles, and the other way round: a line each. */
export function unmetLines(services: readonly Started[]): string[] {
  const published = new Set(services.flatMap(({ publishes }) => publishes))
  const handled = new Set(services.flatMap(({ handles }) => handles))
  return [
    ...[...published]
      .filter((address) => !handled.has(address))
      .map((address) => `No service here handles ${address}.`),
    ...[...handled]
      .filter((address) => !published.has(address))
      .map((address) => `No service here publishes to ${address}.`),
  ]
}
