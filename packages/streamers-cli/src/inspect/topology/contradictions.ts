import type { ConfiguredStreamer } from '../service/configured'
import type { InspectedService } from '../service/inspected-service'

/** Two services that mean different brokers by one streamer id: what one publishes there, the other never gets. */
export interface Contradiction {
  readonly id: string
  readonly environment?: string
  /** What differs. */
  readonly what: 'connector' | 'brokers'
  /** The first service and the one that differs from it, with what each says. */
  readonly sides: readonly ContradictingSide[]
}

/** What one of two services says. */
interface ContradictingSide {
  readonly service: string
  readonly says: string
  readonly at: string
}

interface Told extends ConfiguredStreamer {
  readonly service: string
}

/** Ids that stand for different brokers in one environment. What the sources do not say contradicts nothing. */
export function contradictionsOf(services: readonly InspectedService[]): Contradiction[] {
  const told = services.flatMap(({ name: service, configured }) => configured.map((one) => ({ ...one, service })))
  const groups = new Map<string, Told[]>()
  for (const one of told) {
    const name = JSON.stringify([one.environment ?? null, one.id])
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) => (other.service === first.service ? [] : between(first, other)))
  )
}

function between(one: Told, other: Told): Contradiction[] {
  const { id, environment } = one
  if (one.connector === undefined || other.connector === undefined) return []
  if (one.connector !== other.connector) {
    return [{ id, environment, what: 'connector', sides: [sideOf(one, one.connector), sideOf(other, other.connector)] }]
  }
  if (one.brokers === undefined || other.brokers === undefined) return []
  if (one.brokers.some((broker) => other.brokers?.includes(broker))) return []
  const said = (told: Told): string => `${told.connector ?? ''} at ${(told.brokers ?? []).map(withoutLogin).join(', ')}`
  return [{ id, environment, what: 'brokers', sides: [sideOf(one, said(one)), sideOf(other, said(other))] }]
}

function sideOf({ service, at }: Told, says: string): ContradictingSide {
  return { service, says, at }
}

/** A broker's address without user and password. */
function withoutLogin(broker: string): string {
  return broker.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1')
}
