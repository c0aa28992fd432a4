import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem, type as system } from 'node:os'
import { join } from 'node:path'
import type { Report } from './report'

/** When and on what something is measured, with the versions of the bench's own packages and of what else is named. */
export function reportOn(
  packages: readonly string[],
  others: Readonly<Record<string, string>> = {}
): Pick<Report, 'at' | 'machine' | 'versions'> {
  const versions = { Node: process.versions.node, ...others, ...versionsOf(packages) }
  return { at: new Date().toISOString(), machine: machine(), versions }
}

function machine(): string {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${gigabytes} GB, ${system()}, load average ${loadavg()[0].toFixed(1)} before it began`
}

function versionsOf(names: readonly string[]): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))
  return Object.fromEntries(names.map((name) => [name, dependencies[name].replace(/^npm:.*@/, '')]))
}
