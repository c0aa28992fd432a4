import type { RecordingHealth } from '@boostercloud/streamer-connector'
import type { AppPublication, ConnectorHealth, HandlerCheck } from '@boostercloud/streamers/runtime'
import { printable } from './output'

const CHECKED = {
  schema: 'checked by its schema',
  metadata: "checked by Booster's metadata",
  none: 'not checked',
}

/** A line for each event that a service publishes: its class, and where to. */
export function publicationLines(publications: readonly AppPublication[]): string[] {
  return publications.map(({ typeName, address }) => printable(`  ${typeName} → ${address}`))
}

/** A line for each handler: what it takes from where, and by what its events are checked. */
export function handlerLines(checks: readonly HandlerCheck[]): string[] {
  return checks.map(({ address, handler, typeName = 'every type', checkedBy }) =>
    printable(`  ${address} → ${handler}: ${typeName}, ${CHECKED[checkedBy]}`)
  )
}

/** A line for each streamer: whether its broker answers. */
export function streamerLines(streamers: readonly ConnectorHealth[]): string[] {
  return streamers.map(({ streamerId, healthy, details }) => {
    const values = Object.entries(details).map(([name, value]) => `${name} ${value}`)
    return printable(healthy ? `  ${streamerId}: connected` : `  ${streamerId}: not connected (${values.join(', ')})`)
  })
}

/** A line for each address that is recorded: how far behind it is, or what is wrong. */
export function recordingLines(recordings: readonly RecordingHealth[], place: string): string[] {
  return recordings.map(({ address, problem, lastError, lag, gaps = [] }) => {
    const how =
      problem === undefined
        ? `recorded, lag ${lag ?? 'unknown'}`
        : `not recorded (${problem}, ${lastError ?? 'no error'})`
    const missing = gaps.length === 0 ? '' : `, ${gaps.length} gaps: boost-streamers lake info`
    return printable(`  ${address} ⇒ ${place}: ${how}${missing}`)
  })
}
