import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { toCount } from '../../terminal/arguments'
import { environmentOption } from '../../terminal/environment'
import { atPlaces, chosenOf, printListed, requireChoice } from '../../kept/kept-choice'
import { isoOf, printDetails } from '../../kept/kept-event'
import type { KeptEvent } from '../../kept/kept-event'
import { requireHandler } from '../../kept/known-handlers'
import { withState } from '../../app/operated-app'
import type { OpenApp } from '../../app/operated-app'
import { counted, finish, json, print, printable } from '../../terminal/output'
import { detailsOfParked, parkedEvents, retriedNow, summaryOfParked, waitsForTry } from '../../kept/parked'

interface Common {
  readonly environment: string
}

/** `boost-streamers parked`. */
export function parkedCommand(): Command {
  return new Command('parked')
    .description(
      'events that wait for a later attempt: their handler failed or is paused, or an earlier event of their key waits'
    )
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers parked list
  $ boost-streamers parked show 12
  $ boost-streamers parked retry-now 12`
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(retryCommand())
}

function listCommand(): Command {
  return new Command('list')
    .description('list them, oldest first, with their attempts, next attempt and last error, without their payload')
    .option('--handler <name>', 'only those of this handler')
    .option('--limit <number>', 'list at most this many', toCount, 50)
    .option('--json', 'print one JSON object per line')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers parked list
  $ boost-streamers parked list --handler SendsNewsletter --json --limit 1000`
    )
    .action(list)
}

function showCommand(): Command {
  return new Command('show')
    .description('show everything about one of them: cause, attempts, times, headers')
    .argument('<place>', 'its place, as the list shows it')
    .option('--payload', 'also show its payload and its original bytes (base64)')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers parked show 12
  $ boost-streamers parked show 12 --payload`
    )
    .action(show)
}

function retryCommand(): Command {
  return new Command('retry-now')
    .description('let the handler try again now, without waiting for the next attempt; attempts still count')
    .argument('[places...]', 'their places, as the list shows them')
    .option('--all', 'all of them')
    .option('--handler <name>', 'with --all: only those of this handler')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Use it after you have fixed the cause of a failure. Events that wait behind an event of their key follow by themselves.

Examples:
  $ boost-streamers parked retry-now 12 13
  $ boost-streamers parked retry-now --all --handler SendsNewsletter`
    )
    .action(retryNow)
}

async function list({
  environment,
  handler,
  limit,
  json: asJson,
}: Common & { handler?: string; limit: number; json?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    if (handler !== undefined) await requireHandler(app, handler, 'parked list --handler')
    await printListed(ofHandler(app, handler), {
      limit,
      lineOf: (one) => (asJson ? json(summaryOfParked(one)) : lineOf(one)),
      none: asJson ? undefined : 'Nothing is parked.',
    })
  })
  await finish()
}

async function show(place: string, { environment, payload }: Common & { payload?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    for (const one of await found(app, [place])) await printDetails(detailsOfParked(one, payload ?? false))
  })
  await finish()
}

async function retryNow(
  places: string[],
  { environment, all, handler }: Common & { all?: boolean; handler?: string }
): Promise<void> {
  requireChoice(places, { all, handler }, { at: 'parked retry-now', list: 'parked list' })
  await withState(environment, async (app) => {
    if (handler !== undefined) await requireHandler(app, handler, 'parked retry-now --handler')
    const chosen = all ? await chosenOf(ofHandler(app, handler), () => true) : await found(app, places)
    const behind = chosen.find((one) => !waitsForTry(one))
    if (behind && !all) throw waitsBehind(behind)
    const tried = chosen.filter(waitsForTry)
    await app.state.commit([...tried.map(retriedNow), { do: 'notify' }])
    await print(
      `${pc.green('✓')} ${counted(tried.length, 'event')} due; a running service handles them within a second`
    )
  })
  await finish()
}

async function* ofHandler(app: OpenApp, handler: string | undefined): AsyncGenerator<KeptEvent, void, undefined> {
  for await (const one of parkedEvents(app)) if (handler === undefined || one.letter.handler === handler) yield one
}

function found(app: OpenApp, places: readonly string[]): Promise<KeptEvent[]> {
  return atPlaces(parkedEvents(app), places, {
    what: 'is parked',
    at: 'parked',
    hint: 'See them with parked list. What was given up on is listed by dead-letters list.',
  })
}

function waitsBehind({ place, letter }: KeptEvent): StreamerError {
  return new StreamerError('OPTION_INVALID', `The event at ${place} waits behind another one of its key.`, {
    at: `${letter.address}, key ${printable(letter.key ?? '-')}`,
    hint: 'Retry the first one of its key, or redrive or discard it if it is a dead letter; the others follow.',
  })
}

function lineOf(one: KeptEvent): string {
  const { letter, event } = one
  const { name, message } = letter.cause ?? {}
  const facts = [
    letter.handler,
    `at ${letter.address}`,
    event.metadata?.type ?? '(no type)',
    `key=${letter.key ?? '-'}`,
    `id=${letter.id}`,
    `attempts=${letter.attempts}`,
    waitsForTry(one) ? `next=${isoOf(letter.dueAt)}` : 'waits behind an event of its key',
    ...(letter.cause ? [`${name ?? ''}: ${message ?? ''}`] : []),
  ]
  return [one.place, isoOf(letter.lastAt), ...facts].map((fact) => printable(String(fact))).join('  ')
}
