import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parseAllDocuments } from 'yaml'

const execute = promisify(execFile)
const ROOT = join(__dirname, '..')
const read = (file: string): string => readFileSync(join(ROOT, 'examples', 'worker', file), 'utf8')
const CLI = 'node_modules/@boostercloud/streamers-cli/bin/boost-streamers.js'
const DEFAULT_DRAIN_S = 10

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: Record<string, never> & {
    readonly scaleTargetRef?: object
    readonly selector?: { readonly matchLabels: object }
    readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec }
  }
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly Record<string, unknown>[]
}

describe('examples/worker', function () {
  this.timeout(60_000)

  const [deployment, autoscaler] = parseAllDocuments(read('kubernetes.yaml')).map((one) => one.toJS() as Manifest)

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

  it('gives handlers more time to finish than they take at the most', () => {
    expect(deployment.spec.template?.spec.terminationGracePeriodSeconds).to.be.above(DEFAULT_DRAIN_S)
  })

  it('scales the deployment that it has, whose pods are its own', () => {
    expect([deployment.kind, autoscaler.kind]).to.deep.equal(['Deployment', 'HorizontalPodAutoscaler'])
    expect(autoscaler.spec.scaleTargetRef).to.deep.equal({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: deployment.metadata.name,
    })
    expect(deployment.spec.template?.metadata.labels).to.deep.equal(deployment.spec.selector?.matchLabels)
  })

  it('runs as nobody in particular, without rights', () => {
    const { securityContext, containers } = deployment.spec.template?.spec as PodSpec
    expect(securityContext).to.deep.include({ runAsNonRoot: true })
    expect(containers).to.have.length(1)
    expect(containers[0].securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })
})
