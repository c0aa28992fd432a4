import { StreamerError } from '@boostercloud/streamer-connector'

/** A value as the bytes of a JSON file. */
export function toJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

/** The inverse of {@link toJson}. Throws `STORAGE_DAMAGED` for what is no JSON object. */
export function fromJson<T extends object>(bytes: Uint8Array, place: string, path: string): T {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    value = undefined
  }
  if (typeof value === 'object' && value !== null) return value as T
  throw new StreamerError('STORAGE_DAMAGED', `The file ${path} of the lake is no JSON.`, {
    at: `${place}/${path}`,
    hint: 'Restore this file from a backup.',
  })
}
