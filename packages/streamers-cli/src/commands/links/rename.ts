import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { withState } from '../../app/operated-app'
import type { OpenApp } from '../../app/operated-app'
import { counted, finish, print, printable } from '../../terminal/output'

interface RenameOptions {
  readonly environment: string
  readonly address?: boolean
}

/** `boost-streamers links rename`. */
export function renameCommand(): Command {
  return new Command('rename')
    .description('give what the state keeps of a handler, or of an address, another name')
    .argument('<old>', "the name that the code had: a handler's, or with --address an address with its topic")
    .argument('<new>', 'the name that the code has now')
    .option('--address', 'rename an address: a streamer has another id, or a handler or event another topic')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
For after a handler's class was renamed: what it has handled, its parked events and dead letters, its timers, its pauses and
its own position go to the new name, in their order, so that nothing is handled twice. Build the app with the new name first, and
stop every process that still has the old one. On SQL all of it is one transaction; on DynamoDB, repeated after a failure,
it goes on. With --address the events that wait for a broker go along too, and so do the counts of types that no handler takes;
nothing is moved at any broker.

Examples:
  $ boost-streamers links rename SendsNewsletter SendsNews
  $ boost-streamers links rename --address old-kafka/posts main-kafka/posts`
    )
    .action(rename)
}

async function rename(from: string, to: string, { environment, address }: RenameOptions): Promise<void> {
  await withState(environment, async (app) => {
    const what = address ? 'address' : 'handler'
    check(app, what, from, to)
    const renamed = await app.state.rename({ what, from, to }, Date.now())
    const { pending, inbox, parked, deadLetters, timers, pausedLinks, positions, ignoredTypes } = renamed
    if (Object.values(renamed).every((count) => count === 0)) throw await unknown(app, what, from)
    const parts = [
      ...(address ? [counted(pending, 'waiting event')] : [`${inbox} handled`]),
      `${parked} parked`,
      counted(deadLetters, 'dead letter'),
      ...(address ? [] : [counted(timers, 'timer')]),
      counted(pausedLinks, 'pause'),
      counted(positions, 'position'),
      ...(address ? [counted(ignoredTypes, 'ignored type')] : []),
    ]
    await print(`${pc.green('✓')} ${printable(from)} is ${printable(to)} now: ${parts.join(', ')}`)
  })
  await finish()
}

/** The code says which of the names is right. */
function check({ config, streamers }: OpenApp, what: 'handler' | 'address', from: string, to: string): void {
  const links = streamers.linksOf(config)
  const names =
    what === 'handler'
      ? links.map(({ handler }) => handler)
      : [...links, ...streamers.publicationsOf(config)].map(({ address }) => address)
  const at = `links rename ${printable(from)} ${printable(to)}`
  if (!names.includes(to)) {
    throw new StreamerError('OPTION_INVALID', `The app has no ${what} '${printable(to)}'.`, {
      at,
      hint: `${printable(didYouMean(to, names))}Build the app with the new name first, then rename.`,
    })
  }
  if (names.includes(from)) {
    throw new StreamerError('OPTION_INVALID', `The app still has the ${what} '${printable(from)}'.`, {
      at,
      hint: 'Only what the code has no longer is renamed. Build the app without it first.',
    })
  }
}

async function unknown({ state }: OpenApp, what: 'handler' | 'address', from: string): Promise<StreamerError> {
  const names = [...(await state.parkedByLink()), ...(await state.pausedLinks())].map((one) => one[what])
  return new StreamerError('OPTION_INVALID', `The state keeps nothing of the ${what} '${printable(from)}'.`, {
    at: 'links rename',
    hint: `${printable(didYouMean(from, names))}See what it keeps with links list.`,
  })
}
