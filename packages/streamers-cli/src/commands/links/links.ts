import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { linkStates } from '../../status/link-states'
import type { LinkState } from '../../status/link-states'
import { withState } from '../../app/operated-app'
import type { OpenApp } from '../../app/operated-app'
import { counted, finish, json, print, printable } from '../../terminal/output'
import { renameCommand } from './rename'
import { replayCommand } from './replay'

interface Common {
  readonly environment: string
}

/** `boost-streamers links`. */
export function linksCommand(): Command {
  return new Command('links')
    .description('the links of the app: which handler gets events from which address, and its state')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers links list
  $ boost-streamers links pause main-kafka/posts SendsNewsletter
  $ boost-streamers links rename SendsNewsletter SendsNews
  $ boost-streamers links replay main-kafka/posts SendsNewsletter --from 2026-11-21`
    )
    .addCommand(listCommand())
    .addCommand(changeCommand('pause', 'stop giving events to the handler; new events are kept, in order', true))
    .addCommand(changeCommand('resume', 'give the handler the events that were kept, and then new ones', false))
    .addCommand(renameCommand())
    .addCommand(replayCommand())
}

function listCommand(): Command {
  return new Command('list')
    .description(
      'list every link with its parked events, dead letters and position, and the event types that no handler takes'
    )
    .option('--json', 'print one JSON object per line')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers links list
  $ boost-streamers links list --json`
    )
    .action(list)
}

function changeCommand(name: string, description: string, paused: boolean): Command {
  return new Command(name)
    .description(description)
    .argument('<address>', 'the address with its topic, as the list shows it')
    .argument('<handler>', "the handler's name")
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers links ${name} main-kafka/posts SendsNewsletter`
    )
    .action((address: string, handler: string, { environment }: Common) =>
      change(address, handler, environment, paused)
    )
}

async function list({ environment, json: asJson }: Common & { json?: boolean }): Promise<void> {
  await withState(environment, async (app) => {
    const states = await linkStates(app)
    for (const state of states) await print(asJson ? json(state) : lineOf(state))
    if (!asJson) for (const line of ignoredLines(states, app)) await print(line)
    if (states.length === 0 && !asJson) await print('The app has no streamed handler.')
  })
  await finish()
}

async function change(address: string, handler: string, environment: string, paused: boolean): Promise<void> {
  await withState(environment, async (app) => {
    const states = await linkStates(app)
    if (!states.some((link) => link.address === address && link.handler === handler))
      throw unknown(address, handler, states)
    await app.state.commit([{ do: 'pause-link', address, handler, paused }, { do: 'notify' }])
    await print(`${pc.green('✓')} ${printable(handler)} at ${printable(address)} is ${paused ? 'paused' : 'resumed'}`)
  })
  await finish()
}

function unknown(address: string, handler: string, states: readonly LinkState[]): StreamerError {
  const links = states.map((link) => `${link.address} ${link.handler}`)
  return new StreamerError('OPTION_INVALID', `The app has no link ${printable(address)} ${printable(handler)}.`, {
    at: 'links',
    hint: `${didYouMean(`${address} ${handler}`, links)}It has: ${links.length === 0 ? 'none' : links.join(', ')}.`,
  })
}

/** What runs for long, and what a process has ended with. */
function runsOf({ running, suspects }: LinkState): string[] {
  const [longest] = running
  return [
    ...(longest ? [`running=${running.length} (event ${longest.id} for ${Math.round(longest.forMs / 1_000)} s)`] : []),
    ...suspects.map(({ id, starts }) => `event ${id} ended its process, ${counted(starts, 'run')} alone did not end`),
  ]
}

/** The class, and what its events are called on the wire where that is not the class's name. */
function typeOf({ type, types = [] }: LinkState): string {
  if (type === undefined) return '(every type)'
  return types.length === 0 || (types.length === 1 && types[0] === type) ? type : `${type} (${types.join(', ')})`
}

/** A line for each address to which events come that no handler takes. */
function ignoredLines(states: readonly LinkState[], { streamers }: OpenApp): string[] {
  const byAddress = new Map(states.map(({ address, ignored }) => [address, { address, ...ignored }]))
  return [...byAddress.values()]
    .map((one) => ({ address: one.address, words: streamers.ignoredInWords(one) }))
    .filter(({ words }) => words !== '')
    .map(({ address, words }) => printable(`No handler at ${address} takes events of these types: ${words}`))
}

function lineOf(link: LinkState): string {
  const facts = [
    link.handler,
    `at ${link.address}`,
    typeOf(link),
    `parked=${link.parked}`,
    `dead=${link.deadLetters}`,
    `position=${link.position ?? '-'}`,
    ...(link.checkedBy ? [`checked-by=${link.checkedBy}${link.isOutdated ? ' (outdated)' : ''}`] : []),
    ...runsOf(link),
    ...(link.paused ? ['paused'] : []),
    ...(link.gone ? ['no longer in the code'] : []),
  ]
  return facts.map(printable).join('  ')
}
