import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { detailsOf, discarded, givenUp, redriven, summaryOf } from '../../kept/dead-letters'
import type { GivenUp } from '../../kept/dead-letters'
import { toCount } from '../../terminal/arguments'
import { confirmed } from '../../terminal/confirmed'
import { environmentOption } from '../../terminal/environment'
import { atPlaces, chosenOf, printListed, requireChoice } from '../../kept/kept-choice'
import { requireHandler } from '../../kept/known-handlers'
import { printDetails } from '../../kept/kept-event'
import { withState } from '../../app/operated-app'
import type { OpenApp } from '../../app/operated-app'
import { counted, finish, json, print, printable } from '../../terminal/output'

interface Common {
  readonly environment: string
}

/** `boost-streamers dead-letters`. */
export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('events that are not tried again: a handler failed on them, or a streamer refuses them')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers dead-letters list
  $ boost-streamers dead-letters show 12
  $ boost-streamers dead-letters redrive 12`
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(redriveCommand())
    .addCommand(discardCommand())
}

function listCommand(): Command {
  return new Command('list')
    .description('list them, oldest first, without their payload')
    .option('--limit <number>', 'list at most this many', toCount, 50)
    .option('--json', 'print one JSON object per line')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers dead-letters list
  $ boost-streamers dead-letters list --json --limit 1000`
    )
    .action(list)
}

function showCommand(): Command {
  return new Command('show')
    .description('show everything about one of them: cause, attempts, times, headers')
    .argument('<place>', 'its place or, for an outgoing event, its id, as the list shows it')
    .option('--payload', 'also show its payload and its original bytes (base64)')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers dead-letters show 12
  $ boost-streamers dead-letters show 12 --payload`
    )
    .action(show)
}

function redriveCommand(): Command {
  return new Command('redrive')
    .description('let the handler try again, in the order of the key; nothing is published to other services')
    .argument('[places...]', 'their places, or ids of outgoing events, as the list shows them')
    .option('--all', 'all of them')
    .option('--handler <name>', 'with --all: only those of this handler')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers dead-letters redrive 12 13
  $ boost-streamers dead-letters redrive --all --handler SendsNewsletter`
    )
    .action(redrive)
}

function discardCommand(): Command {
  return new Command('discard')
    .description('remove them for good: no handler gets them again, and the events that wait behind them continue')
    .argument('<places...>', 'their places, or ids of outgoing events, as the list shows them')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers dead-letters discard 12
  $ boost-streamers dead-letters discard 12 13 --yes`
    )
    .action(discard)
}

async function list({ environment, limit, json: asJson }: Common & { limit: number; json?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    await printListed(givenUp(app), {
      limit,
      lineOf: (one) => (asJson ? json(summaryOf(one)) : lineOf(one)),
      none: asJson ? undefined : 'There are no dead letters.',
    })
  })
  await finish()
}

async function show(place: string, { environment, payload }: Common & { payload?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    for (const one of await found(app, [place])) await printDetails(detailsOf(one, payload ?? false))
  })
  await finish()
}

async function redrive(
  places: string[],
  { environment, all, handler }: Common & { all?: boolean; handler?: string }
): Promise<void> {
  requireChoice(places, { all, handler }, { at: 'dead-letters redrive', list: 'dead-letters list' })
  await withState(environment, async (app) => {
    if (handler !== undefined) await requireHandler(app, handler, 'dead-letters redrive --handler')
    const chosen = all ? await ofHandler(app, handler) : await found(app, places)
    const hopeless = chosen.filter((one) => !isHandled(app, one))
    if (hopeless.length > 0 && !all) throw nobodys(hopeless[0])
    const tried = chosen.filter((one) => !hopeless.includes(one))
    await app.state.commit([...tried.flatMap(redriven), { do: 'notify' }])
    if (hopeless.length > 0) await print(`${counted(hopeless.length, 'dead letter')} left: they have no handler`)
    await print(
      `${pc.green('✓')} ${counted(tried.length, 'event')} redriven; a running service handles them within a second`
    )
  })
  await finish()
}

async function discard(places: string[], { environment, yes }: Common & { yes?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    const chosen = await found(app, places)
    const question = `Discard ${counted(chosen.length, 'event')} for good?`
    const asked = { yes, what: 'Discarding removes events for good', at: 'dead-letters discard' }
    if (!(await confirmed(question, asked))) {
      await print('Nothing was discarded.')
      return
    }
    await app.state.commit([...chosen.flatMap(discarded), { do: 'notify' }])
    await print(`${pc.green('✓')} ${counted(chosen.length, 'event')} discarded`)
  })
  await finish()
}

function found(app: OpenApp, places: readonly string[]): Promise<GivenUp[]> {
  return atPlaces(givenUp(app), places, {
    what: 'was given up on',
    at: 'dead-letters',
    hint: 'See them with dead-letters list.',
  })
}

function ofHandler(app: OpenApp, handler: string | undefined): Promise<GivenUp[]> {
  return chosenOf(
    givenUp(app),
    (one) => handler === undefined || (one.direction === 'in' && one.letter.handler === handler)
  )
}

/** Whether the app has the link that a dead letter belongs to. An event that could not be decoded belongs to none. */
function isHandled({ config, streamers }: OpenApp, one: GivenUp): boolean {
  if (one.direction === 'out') return true
  const { address, handler } = one.letter
  return streamers.linksOf(config).some((link) => link.address === address && link.handler === handler)
}

function nobodys(one: GivenUp): StreamerError {
  return new StreamerError('OPTION_INVALID', `This app has no handler for the dead letter ${one.place}.`, {
    at: one.direction === 'in' ? one.letter.address : one.mark.address,
    hint: 'Let the producer publish the event again, or discard it.',
  })
}

function lineOf(one: GivenUp): string {
  const { address, type, key, lastAt, firstAt, attempts, cause } = summaryOf(one)
  const { name, message } = cause as { name?: string; message?: string }
  const who = one.direction === 'in' ? one.letter.handler || '(no handler)' : '(refused by the streamer)'
  const why = [name, message].filter((part) => part !== undefined).join(': ')
  const facts = [who, `at ${address}`, type ?? '(no type)', `key=${key ?? '-'}`, `attempts=${attempts ?? '-'}`, why]
  return [one.place, lastAt ?? firstAt, ...facts].map((fact) => printable(String(fact))).join('  ')
}
