import { LAKE_STREAMERS } from '../../chaos/lake/streamers'
import { PROVIDERS } from '../../chaos/providers'
import { STREAMERS } from '../../chaos/streamers'

/** One script with its arguments. */
export interface Part {
  readonly name: string
  /** As `npm run` knows it. */
  readonly script: string
  readonly args: readonly string[]
}

/** Every long form, or the shortest form of each. */
export function partsOf(short: boolean): Part[] {
  const chaosOf = short ? ['--events', '60', '--kills', '4'] : []
  const chaos = STREAMERS.flatMap((streamer) =>
    PROVIDERS.map((provider) => ({
      name: `chaos ${streamer.name} ${provider.name}`,
      script: 'chaos',
      args: ['--streamer', streamer.name, '--provider', provider.name, ...chaosOf],
    }))
  )
  const lake = LAKE_STREAMERS.flatMap((streamer) =>
    [[], ['--s3']].map((place) => ({
      name: `lake ${streamer.name}${place.length > 0 ? ' s3' : ''}`,
      script: 'chaos',
      args: ['--lake', '--streamer', streamer.name, ...place, ...(short ? ['--kills', '12', '--seeds', '1'] : [])],
    }))
  )
  return [
    ...chaos,
    ...lake,
    { name: 'mutants', script: 'chaos', args: ['--mutants', ...chaosOf] },
    { name: 'lake mutants', script: 'chaos', args: ['--lake', '--mutants'] },
    { name: 'fuzz', script: 'fuzz', args: ['--messages', short ? '1000' : '1000000'] },
    { name: 'conformance', script: 'conformance', args: short ? ['--connector', 'local'] : [] },
    { name: 'bench', script: 'bench', args: short ? ['--quick', '--rounds', '1', '--only', 'sweep'] : [] },
  ]
}

/** Those whose names begin with one of these, or all. Throws for a beginning that no name has. */
export function partsNamed(beginnings: readonly string[], parts: readonly Part[]): Part[] {
  const unknown = beginnings.find((beginning) => !parts.some(({ name }) => name.startsWith(beginning)))
  if (unknown !== undefined)
    throw new Error(`No part begins with '${unknown}'. There are ${parts.map(({ name }) => name).join(', ')}.`)
  return parts.filter(
    ({ name }) => beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning))
  )
}
