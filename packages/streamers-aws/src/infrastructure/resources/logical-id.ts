import { createHash } from 'node:crypto'

/** The logical id of something of an address: letters and digits, stable, and another one for every address. */
export function idOf(address: string, what: string): string {
  const words = address.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')
  const hash = createHash('sha256').update(address).digest('hex').slice(0, 6)
  return `Streamers${name.slice(0, 60)}${hash}${what}`
}
