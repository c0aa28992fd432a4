import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@boostercloud/dev-brokers'
import { installDebianPackage } from '../../packages/dev-brokers/src/fetch/debian'
import { eventually } from '../../packages/streamers/test/support/eventually'

const execute = promisify(execFile)

/** Resolves when Prometheus and promtool are on this machine. Debian installs them where root asks for it; rejects with `PACKAGE_MISSING` where there are none. */
export async function ensurePrometheus(): Promise<void> {
  const has = await execute('promtool', ['--version']).catch(() => undefined)
  if (!has) await installDebianPackage('prometheus', 'signed')
}

/** Runs promtool. Resolves with what it said, rejects with that where it is not content. */
export async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execute('promtool', [...args]).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`)
  })
  return stdout + stderr
}

interface Answer<T> {
  readonly status: string
  readonly error?: string
  readonly data: T
}

/** A value with its labels. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

/** An alert that holds. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

/** A Prometheus that reads one address every second, and evaluates rules as often. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string
  ) {}

  /** Resolves when it answers. */
  public static async start(target: string, rules: string): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-prometheus-'))
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rules],
      scrape_configs: [{ job_name: 'service', static_configs: [{ targets: [new URL(target).host] }] }],
    }
    const file = join(folder, 'prometheus.yaml')
    await writeFile(file, JSON.stringify(config))
    await promtool('check', 'config', file)
    const at = `127.0.0.1:${await freePort()}`
    const options = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${at}`,
    ]
    const child = spawn('prometheus', options, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
    const prometheus = new Prometheus(child, folder, `http://${at}`)
    try {
      await eventually(
        async () => (await fetch(`http://${at}/-/ready`).catch(() => undefined))?.ok === true,
        () => said,
        60_000
      )
    } catch (error) {
      await prometheus.stop()
      throw error
    }
    return prometheus
  }

  /** The result of an expression now. Rejects where it is not PromQL. */
  public async query(expr: string): Promise<readonly Sample[]> {
    const { result } = await this.ask<{ readonly result: readonly Sample[] }>(
      `query?${new URLSearchParams({ query: expr })}`
    )
    return result
  }

  /** The alerts that hold now. */
  public async alerts(): Promise<readonly FiringAlert[]> {
    return (await this.ask<{ readonly alerts: readonly FiringAlert[] }>('alerts')).alerts
  }

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve))
    if (this.child.kill('SIGTERM')) await ended
    await rm(this.folder, { recursive: true, force: true })
  }

  private async ask<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`)
    const { status, error, data } = (await response.json()) as Answer<T>
    if (status !== 'success') throw new Error(`${path}: ${error}`)
    return data
  }
}
