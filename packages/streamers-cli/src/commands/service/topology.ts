import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import type * as Inspect from '../../inspect'
import type { Contradiction, InspectedTopology, OpenEnd } from '../../inspect'
import { finish, print, printable, printableLines } from '../../terminal/output'
import { serviceFolders } from '../../app/service-folders'

type Format = 'text' | 'json' | 'mermaid' | 'svg'

interface TopologyOptions {
  readonly format: Format
  readonly out?: string
  readonly strict?: boolean
}

/** `boost-streamers topology`. */
export function topologyCommand(): Command {
  return new Command('topology')
    .description(
      'show who publishes and who handles which events at which address, from the sources of one or more services; nothing is run'
    )
    .argument('[folders...]', "the services' folders, each with its tsconfig.json, or a parent folder", ['.'])
    .addOption(
      new Option('-f, --format <format>', 'the output format')
        .choices(['text', 'json', 'mermaid', 'svg'])
        .default('text')
    )
    .option('-o, --out <file>', 'write to this file instead of printing')
    .option(
      '--strict',
      'exit with 1 if something is published and never handled, or handled and never published, or if two services use one streamer id for different brokers'
    )
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers topology
  $ boost-streamers topology services --strict
  $ boost-streamers topology blog newsletter audit --format mermaid
  $ boost-streamers topology services/* --format svg --out docs/topology.svg`
    )
    .action(topology)
}

async function topology(folders: readonly string[], { format, out, strict }: TopologyOptions): Promise<void> {
  // The compiler is loaded where it is needed: that takes longer than all the rest of the command line.
  const inspect = await import('../../inspect')
  const found = inspect.topologyOfServices(folders.flatMap(serviceFolders).map(inspect.inspectService))
  const shown = await SHOW[format](found, inspect)
  if (out === undefined) await print(shown.trimEnd())
  else await writeFile(out, shown)
  if (format !== 'text' || out !== undefined) tell(found)
  const { unhandled, unpublished, unconfigured, contradictions } = found
  const isLoose = [unhandled, unpublished, unconfigured, contradictions].some((ends) => ends.length > 0)
  await finish((strict && isLoose) || found.unmet.length > 0 ? 1 : 0)
}

/** What stops a service at boot is told whatever the format is. */
function tell({ unmet }: InspectedTopology): void {
  for (const { message } of unmet) process.stderr.write(`${printableLines(message)}\n`)
}

const SHOW: Readonly<Record<Format, (found: InspectedTopology, inspect: typeof Inspect) => string | Promise<string>>> =
  {
    text: textOf,
    json: (found) => `${JSON.stringify(found, undefined, 2)}\n`,
    mermaid: (found, { mermaidOf, pictureOf }) => mermaidOf(pictureOf(found)),
    svg: (found, { svgOf, pictureOf }) => svgOf(pictureOf(found)),
  }

function textOf({ services, unhandled, unpublished, unconfigured, unmet, contradictions }: InspectedTopology): string {
  const lines = services.flatMap(({ name, streamers, publishes, handles }) => [
    name,
    ...streamers.map(({ id, connector, at }) => `  streamer   ${id}  ${connector ?? '(of an unknown kind)'}  ${at}`),
    ...publishes.map(({ event, version, address, at }) => `  publishes  ${event} v${version}  to ${address}  ${at}`),
    ...handles.map(
      ({ event = 'everything', handler, address, at }) => `  handles    ${event}  from ${address}  in ${handler}  ${at}`
    ),
  ])
  return [
    ...lines,
    ...endsOf('published and never handled', unhandled),
    ...endsOf('handled and never published here', unpublished),
    ...endsOf('of a streamer that the service does not configure', unconfigured),
    ...(unmet.length > 0 ? ['required of a streamer that does not offer it'] : []),
    ...unmet.map(({ message, service }) => `  ${message}  ${service}`),
    ...(contradictions.length > 0 ? ['different brokers under one id'] : []),
    ...contradictions.map(contradictionOf),
  ]
    .map(printable)
    .join('\n')
}

function contradictionOf({ id, environment, sides }: Contradiction): string {
  const said = sides.map(({ service, says, at }) => `${service}: ${says}  ${at}`)
  return `  ${id}${environment === undefined ? '' : ` (${environment})`}  ${said.join('  ')}`
}

function endsOf(title: string, ends: readonly OpenEnd[]): string[] {
  if (ends.length === 0) return []
  return [title, ...ends.map(({ event, address, service, at }) => `  ${event}  at ${address}  ${service} ${at}`)]
}
