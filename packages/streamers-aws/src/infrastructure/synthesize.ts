import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { BoosterInfrastructure } from './fixes/booster-stack'
import { fixSize } from './fixes/fix-size'

/** The app's own code alone: a deployment installs the packages anew, from the network. */
const NOT_THE_APP = ['node_modules', '.*', '*.ts', '*.tsbuildinfo']

/** Keeps the CDK from copying the code beside the template. */
const CONTEXT = { 'aws:cdk:disable-asset-staging': true }

/**
 * Writes the CloudFormation template of an app into a folder, as a deployment hands it to CloudFormation. Needs neither credentials nor network, and
 * reads nothing of an account. Resolves with the template's path. Rejects with `PACKAGE_MISSING`, and as the app's config and rockets do.
 * @internal
 */
export async function synthesize(config: BoosterConfig, out: string): Promise<string> {
  const infrastructure = new BoosterInfrastructure()
  // Outside of the app: what is written inside would become part of its code.
  const folder = await mkdtemp(join(tmpdir(), 'streamers-synth-'))
  const undo = fixSize(infrastructure.lambda, NOT_THE_APP)
  try {
    const app = new infrastructure.core.App({ outdir: folder, context: CONTEXT, analyticsReporting: false })
    infrastructure.build(config, app)
    const [{ templateFullPath }] = app.synth().stacks
    const template = join(out, basename(templateFullPath))
    await mkdir(out, { recursive: true })
    await cp(templateFullPath, template)
    return template
  } finally {
    undo()
    await rm(folder, { recursive: true, force: true })
  }
}
