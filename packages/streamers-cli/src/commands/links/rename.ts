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
    .description('move what the state keeps for a handler or an address to a new name')
    .argument('<old>', 'the old name of the handler or, with --address, of the address with its topic')
    .argument('<new>', 'the name that the code has now')
    .option('--address', 'rename an address, because its streamer has a new id, or its handler or event a new topic')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Use it after you have renamed the class of a handler. What it has handled, its parked events, dead letters, timers,
pauses and its position move to the new name, in order, so that nothing is handled twice. First build the app with the
new name, and stop every process that still has the old one. On SQL, all of it is one transaction. On DynamoDB, run the
command again after a failure: it continues. With --address, events that wait for a broker move too, and so do the
counts of types that no handler takes. Nothing is moved at any broker.

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
      hint: 'Only names that the code no longer has can be renamed. Build the app without it first.',
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
