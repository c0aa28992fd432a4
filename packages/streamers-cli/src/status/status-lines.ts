import pc from 'picocolors'
import type { LakeStatus } from './lake-status'
import type { LinkState } from './link-states'
import { counted, printable } from '../terminal/output'
import type { Outgoing, ServiceStatus } from './service-status'

/** A status as lines for a person: the service, a line for each address that it publishes to, and one for each of its links. */
export function statusLines(status: ServiceStatus): string[] {
  const { service, environment, state, at, outgoing, links, undecodable, lake } = status
  const now = Date.parse(at)
  return [
    `${pc.bold(printable(service))}  environment ${printable(environment)}  state ${printable(state)}`,
    ...outgoing.map((one) => outgoingLine(one, now)),
    ...links.map((link) => linkLine(link, now)),
    ...(undecodable > 0 ? [`  ${counted(undecodable, 'dead letter')} that no handler could be given`] : []),
    ...(lake ? lakeLines(lake, now) : []),
    ...(outgoing.length + links.length === 0 ? ['  streams nothing'] : []),
  ]
}

function outgoingLine({ address, pending, oldestAt, refused, lastRefusal }: Outgoing, now: number): string {
  const facts = [
    `→ ${address}`,
    `pending=${pending}${oldestAt === undefined ? '' : ` (oldest ${ageOf(oldestAt, now)})`}`,
    ...(refused > 0 ? [`refused=${refused} (${lastRefusal ?? ''})`] : []),
  ]
  return `  ${facts.map(printable).join('  ')}`
}

function linkLine(link: LinkState, now: number): string {
  const { address, handler, parked, deadLetters, running, suspects, position, lag, nextTryAt, lastError } = link
  const [longest] = running
  const facts = [
    `${address} → ${handler}`,
    `parked=${parked}`,
    `dead=${deadLetters}`,
    `running=${running.length}${longest ? ` (event ${longest.id} for ${seconds(longest.forMs)})` : ''}`,
    `lag=${lag ?? '-'}`,
    `position=${position ?? '-'}`,
    ...(nextTryAt === undefined ? [] : [`next-try=${until(nextTryAt, now)}`]),
    ...suspects.map(({ id, starts }) => `event ${id} ended its process, ${counted(starts, 'run')} alone did not end`),
    ...(link.paused ? ['paused'] : []),
    ...(link.gone ? ['no longer in the code'] : []),
    ...(lastError ? [`last-error=${lastError.name}: ${lastError.message} (${ageOf(lastError.at, now)} ago)`] : []),
  ]
  return `  ${facts.map(printable).join('  ')}`
}

function lakeLines({ place, problem, events, lastRecordedAt, addresses }: LakeStatus, now: number): string[] {
  const newest = lastRecordedAt === undefined ? '-' : `${ageOf(lastRecordedAt, now)} ago`
  const about = problem === undefined ? `events=${events}  newest=${newest}` : `last-error=${problem}`
  const each = addresses.map(({ address, lag, gaps }) => {
    return `${address} ⇒ lake  lag=${lag ?? '-'}${gaps.length === 0 ? '' : `  gaps=${gaps.length}`}`
  })
  return [`⇒ lake ${place}  ${about}`, ...each].map((line) => `  ${printable(line)}`)
}

function until(time: string, now: number): string {
  const ms = Date.parse(time) - now
  return ms <= 0 ? 'now' : `in ${seconds(ms)}`
}

function ageOf(time: string, now: number): string {
  return seconds(Math.max(0, now - Date.parse(time)))
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`
}
