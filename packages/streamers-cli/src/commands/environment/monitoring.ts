import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { alertRules } from '../../monitoring/alerts'
import { dashboard } from '../../monitoring/dashboard'
import { finish, print, printable } from '../../terminal/output'

interface MonitoringOptions {
  readonly out: string
}

/** `boost-streamers monitoring`. */
export function monitoringCommand(): Command {
  return new Command('monitoring')
    .description('write alert rules for Prometheus and a dashboard for Grafana')
    .option('-o, --out <folder>', 'the folder to write to', 'monitoring')
    .addHelpText(
      'after',
      `
They use what a service serves at /metrics if config.streaming.observe.http is set. Each alert links to the section of
the runbook that says what to do. Files with these names are overwritten: keep your changes elsewhere.

Examples:
  $ boost-streamers monitoring
  $ boost-streamers monitoring --out deploy/monitoring`
    )
    .action(monitoring)
}

async function monitoring({ out }: MonitoringOptions): Promise<void> {
  // The package refers to Booster, which does not load without one. Nothing of an app is read.
  process.env.BOOSTER_ENV ??= 'local'
  const { METRICS, prometheusName } = await import('@boostercloud/streamers/runtime')
  const files = { 'alerts.yaml': alertRules(prometheusName), 'dashboard.json': dashboard(METRICS, prometheusName) }
  await mkdir(out, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    const path = join(out, name)
    await writeFile(path, text)
    await print(`${pc.green('✓')} ${printable(path)}`)
  }
  await finish()
}
