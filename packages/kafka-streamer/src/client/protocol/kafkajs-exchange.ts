import type { Question } from './question'

/** What of kafkajs's brokers is used here; its types do not tell it. */
export interface Broker {
  lookupRequest(apiKey: number, definitions: Definitions): Protocol
  fetch(request: unknown): Promise<unknown>
  metadata(topics: readonly string[]): Promise<unknown>
}

/** What it knows of a request: in which versions, and how each is made. It takes the highest that the broker knows too. */
interface Definitions {
  readonly versions: readonly (string | number)[]
  protocol(chosen: { readonly version: number }): Protocol
}

/** Makes a request of what is asked. */
export type Protocol = (options: unknown) => Exchange

/** A request, and how its answer is read. */
export interface Exchange {
  readonly request: {
    readonly apiKey: number
    readonly apiVersion: number
    readonly apiName: string
    encode(): Promise<unknown>
  }
  readonly response: { decode(raw: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> }
}

/** The broker, with other requests than its own. */
export function askingOtherwise(broker: Broker, lookupRequest: Broker['lookupRequest']): Broker {
  return Object.assign(Object.create(broker) as Broker, { lookupRequest })
}

/**
 * A request of a flexible version. kafkajs writes the head of an older form, so the tagged fields that end the head are written here; the
 * answer begins with those of its own head.
 */
export function flexible(
  { apiKey, apiName }: Pick<Exchange['request'], 'apiKey' | 'apiName'>,
  apiVersion: number,
  question: Question
): Exchange['request'] {
  const encode = async (): Promise<unknown> => {
    const buffer = Buffer.concat([NO_TAGS, question.bytes])
    return { buf: buffer, buffer }
  }
  return { apiKey, apiName, apiVersion, encode }
}

const NO_TAGS = Buffer.alloc(1)
