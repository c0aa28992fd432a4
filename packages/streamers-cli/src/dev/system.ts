import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runBuildScript } from '../app/build'
import { counted, messageOf } from '../terminal/output'
import { POSTBUILD } from '../app/manifest'
import { Compiler } from './compiler'
import type { Compiled } from './compiler'
import { SharedLog } from './log'
import { ServiceProcess } from './service-process'
import type { Started } from './started'
import { unmetLines } from './unmet'

/** Long enough for projects that a change touches one after another to be compiled. */
const SETTLES_WITHIN_MS = 100
const SELF = 'dev'

/** What runs together. */
export interface SystemOptions {
  /** The folder that the services' names are relative to. */
  readonly root: string
  /** Each with its port. */
  readonly services: ReadonlyArray<{ readonly folder: string; readonly port: number }>
  readonly environment: string
  /** Whether each service makes what is missing at its brokers. */
  readonly provision: boolean
  readonly variables: Readonly<Record<string, string>>
}

interface Service {
  readonly name: string
  readonly folder: string
  readonly process: ServiceProcess
  /** Undefined until it listens. */
  started?: Started
  /** Whether schemas were written because it refused to start with older ones; once for each change of its code. */
  hasNewSchemas: boolean
}

/** Services of one machine that run together: compiled and started again when their sources change, with one log. */
export class System {
  private readonly log: SharedLog
  private readonly services: readonly Service[]
  private readonly compiler: Compiler
  /** Projects with new code that the services do not run yet. */
  private readonly changed = new Set<string>()
  /** Projects that do not compile. */
  private readonly broken = new Set<string>()
  private settling?: NodeJS.Timeout
  private isStarted = false
  private isStopped = false
  private unmet = ''

  public constructor(options: SystemOptions) {
    const { root, environment, provision, variables } = options
    const named = options.services.map((one) => ({ ...one, name: relative(root, one.folder) || one.folder }))
    this.log = new SharedLog([SELF, ...named.map(({ name }) => name)])
    this.services = named.map(({ name, folder, port }) => {
      const service: Service = {
        name,
        folder,
        hasNewSchemas: false,
        process: new ServiceProcess({ name, folder, port, environment, provision, variables }, this.log, {
          started: (started) => this.listens(service, started),
          ended: (code, hasOutdatedSchema) => void this.ended(service, code, hasOutdatedSchema),
        }),
      }
      return service
    })
    this.compiler = new Compiler({
      compiled: (result) => this.compiled(result),
      complained: (_project, text) => this.log.write(SELF, text),
    })
  }

  /** Compiles everything, writes the schemas of packages whose build writes them, and starts the services. */
  public async start(): Promise<void> {
    for (const { folder } of this.services) this.compiler.add(folder)
    const projects = [...this.compiler.projects.keys()]
    await this.writeSchemas(projects.filter((project) => this.changed.has(project) || !hasSchemas(project)))
    this.changed.clear()
    this.isStarted = true
    for (const service of this.services) await this.restart(service)
  }

  /** Ends the services, each as SIGTERM does. */
  public async stop(): Promise<void> {
    this.isStopped = true
    clearTimeout(this.settling)
    this.compiler.close()
    await Promise.all(this.services.map(({ process }) => process.stop()))
  }

  private compiled({ project, isGood, hasNewCode }: Compiled): void {
    if (isGood) this.broken.delete(project)
    else this.broken.add(project)
    if (hasNewCode) this.changed.add(project)
    clearTimeout(this.settling)
    if (this.isStarted) this.settling = setTimeout(() => this.settled(), SETTLES_WITHIN_MS)
  }

  private settled(): void {
    const changed = new Set(this.changed)
    this.changed.clear()
    for (const service of this.services) {
      const parts = [...this.compiler.partsOf(service.folder)]
      if (!parts.some((part) => changed.has(part))) continue
      this.log.write(service.name, 'Its code has changed; it starts again.')
      service.hasNewSchemas = false
      void this.restart(service)
    }
  }

  /** With the code that is there; one that does not compile stays as it is until it does. */
  private async restart(service: Service): Promise<void> {
    if (this.isStopped) return
    const parts = this.compiler.partsOf(service.folder)
    if ([...parts].some((part) => this.broken.has(part))) {
      this.changed.add(service.folder)
      this.log.write(service.name, 'It does not compile; it starts when it does.')
      return
    }
    await service.process.restart()
  }

  private listens(service: Service, started: Started): void {
    service.started = started
    const known = this.services.flatMap((one) => one.started ?? [])
    if (known.length < this.services.length) return
    const lines = unmetLines(known)
    if (this.unmet === lines.join('\n')) return
    this.unmet = lines.join('\n')
    for (const line of lines) this.log.write(SELF, line)
  }

  private async ended(service: Service, code: number | null, hasOutdatedSchema: boolean): Promise<void> {
    if (!hasOutdatedSchema || service.hasNewSchemas) {
      this.log.write(service.name, `It has ended with ${code}; it starts again when its code changes.`)
      return
    }
    service.hasNewSchemas = true
    await this.writeSchemas([...this.compiler.partsOf(service.folder)])
    await this.restart(service)
  }

  /** Runs what is to run after the build of those projects whose build writes schemas. Says it where that fails: their handlers check less then. */
  private async writeSchemas(projects: readonly string[]): Promise<void> {
    const writing = projects.filter(writesSchemas)
    if (writing.length > 0) this.log.write(SELF, `Writing the schemas of ${counted(writing.length, 'package')}.`)
    for (const project of writing) {
      if (this.isStopped) return
      await runBuildScript(project, 'postbuild').catch((error: unknown) => this.log.write(SELF, messageOf(error)))
    }
  }
}

function hasSchemas(project: string): boolean {
  const output = join(project, 'dist')
  return (
    existsSync(output) && readdirSync(output, { recursive: true }).some((file) => String(file).endsWith('.schema.cjs'))
  )
}

/** Whether the build of a folder's package writes schemas. */
function writesSchemas(project: string): boolean {
  const file = join(project, 'package.json')
  if (!existsSync(file)) return false
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Readonly<Record<string, string>> }
  return scripts?.postbuild?.includes(POSTBUILD) ?? false
}
