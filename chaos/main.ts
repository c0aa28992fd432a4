import { join } from 'node:path'
import { check, isGood } from './check'
import { loadHistory, saveHistory } from './history'
import { lakeMain } from './lake/main'
import { HELP, parseChaosOptions } from './options'
import type { ChaosOptions } from './options'
import type { ChaosProvider } from './providers'
import { MUTANTS, mutantNamed, runMutant } from './mutants'
import type { Mutant } from './mutants'
import { details, planned, summary } from './report'
import { ROOT } from './root'
import { runChaos } from './run'
import { scheduleOf } from './schedule'
import { storiesOf } from './story'

async function main(): Promise<boolean> {
  const args = process.argv.slice(2)
  if (args.includes('--lake')) return lakeMain(args)
  const options = parseChaosOptions(args)
  if (!options) return false
  if (options.help) return say(HELP)
  if (options.check !== undefined) return judge(options.check)
  if (options.mutants) return catchMutants(MUTANTS)
  if (options.mutant !== undefined) return catchMutants([mutantNamed(options.mutant)])
  let isFine = true
  for (const provider of options.providers) isFine = (await runOn(provider, options)) && isFine
  return isFine
}

async function runOn(provider: ChaosProvider, options: ChaosOptions): Promise<boolean> {
  const schedule = scheduleOf({ ...options, provider })
  if (options.dryRun) return say(planned(schedule).join('\n'))
  const begun = Date.now()
  const progress = (line: string): void =>
    void say(`${((Date.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${line}`)
  const folder = join(ROOT, 'reports', 'chaos', `${options.streamer.name}-${provider.name}-${options.seed}`)
  saveHistory(folder, await runChaos(schedule, { say: progress }))
  progress(`the history is in ${folder}`)
  return judge(folder)
}

async function catchMutants(mutants: readonly Mutant[]): Promise<boolean> {
  let caught = 0
  for (const mutant of mutants) {
    const verdict = await runMutant(mutant, () => undefined)
    const isCaught = verdict[mutant.shows].length > 0
    if (isCaught) caught += 1
    say(
      `${isCaught ? 'caught    ' : 'NOT CAUGHT'}  ${mutant.name} (guarantee ${mutant.guarantee}): ${summary(verdict)}`
    )
  }
  say(`${caught} of ${mutants.length} mutants caught`)
  return caught === mutants.length
}

function judge(folder: string): boolean {
  const history = loadHistory(folder)
  const verdict = check(history)
  say([summary(verdict), ...details(verdict), ...storiesOf(history, verdict)].join('\n'))
  return isGood(verdict)
}

function say(text: string): true {
  process.stdout.write(`${text}\n`)
  return true
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
main().then(
  (isFine) => (process.exitCode = isFine ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exitCode = 1
  }
)
