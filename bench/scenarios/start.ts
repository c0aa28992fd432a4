import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { summarise } from '../measure/statistics'
import type { BenchOptions } from '../options'
import { reportOn } from '../report/machine'
import type { Column, Report } from '../report/report'

const ROOT = join(__dirname, '..', '..')
const COMMAND = ['start', '--', '--once', '--posts', '1'] as const

/** What `npm start` says on its way, by the first words that only it says then. */
const LANDMARKS = {
  built: /^✓ build examples/,
  answering: /^\d+ posts$/,
  event: /→.* \d+ ms /,
} as const
type Landmark = keyof typeof LANDMARKS

const COLUMNS: readonly (Column & { readonly key: Landmark })[] = [
  { key: 'event', title: 's until the first event is handled', better: 'less', digits: 1 },
  { key: 'answering', title: 's until the services answer', better: 'less', digits: 1 },
  { key: 'built', title: 's until it is known that all is built', better: 'less', digits: 1 },
]

/** From `npm start` to the first event. */
export async function onStart({ quick, ...options }: BenchOptions, say: (line: string) => void): Promise<Report> {
  const rounds = options.rounds ?? (quick ? 3 : 5)
  const head = reportOn([])
  const runs: Record<Landmark, number>[] = []
  for (let round = -1; round < rounds; round += 1) {
    const run = await startOnce()
    say(`npm start, ${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${JSON.stringify(run)}`)
    if (round >= 0) runs.push(run)
  }
  const figures = Object.fromEntries(COLUMNS.map(({ key }) => [key, summarise(runs.map((run) => run[key]))]))
  return {
    ...head,
    suite: 'start',
    title: 'npm start',
    quick,
    rounds,
    settings: [
      `\`npm ${COMMAND.join(' ')}\`, in a repository that is installed and built, in folders of its own.`,
      'From the start of npm: what is built is compared with its sources, three Booster services and a program that is not Booster start, a command creates a post, and its event comes over a LocalStreamer to the first who handles it.',
    ],
    tables: [
      {
        id: 'first-event',
        title: 'From npm start to the first event',
        about: 'Each column from the beginning, in seconds.',
        columns: COLUMNS,
        rows: [{ system: 'npm start', ours: true, figures }],
      },
    ],
  }
}

/** The seconds to each landmark. Rejects with what it said where one is missing. */
async function startOnce(): Promise<Record<Landmark, number>> {
  const { BOOSTER_ENV, ...env } = process.env
  const begun = performance.now()
  const child = spawn('npm', [...COMMAND], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const said: string[] = []
  const seconds: Partial<Record<Landmark, number>> = {}
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    const landmark = landmarkIn(line)
    if (landmark) seconds[landmark] ??= (performance.now() - begun) / 1000
  }
  const [code] = await exited
  if (code !== 0 || Object.keys(seconds).length < COLUMNS.length) {
    throw new Error(`npm ${COMMAND.join(' ')} ended with ${code}:\n${said.join('\n')}`)
  }
  return seconds as Record<Landmark, number>
}

/** What a line of `npm start` says, if it is something. */
export function landmarkIn(line: string): Landmark | undefined {
  return COLUMNS.find(({ key }) => LANDMARKS[key].test(line))?.key
}
