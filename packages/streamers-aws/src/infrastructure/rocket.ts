import { BoosterInfrastructure, boosterParts, functionsOf } from './fixes/booster-stack'
import type { Rocket, Stack } from './fixes/booster-stack'
import { fixActions } from './fixes/fix-actions'
import { fixRuntime } from './fixes/fix-runtime'
import { LEFT_OUT, fixSize } from './fixes/fix-size'
import { RUNTIME, settingsFrom } from './parameters'
import type { AwsStreamingParameters } from './parameters'
import type { Deployment } from './parts'
import { resourcesOf } from './resources/resources'
import { commonEnvironment } from './resources/state'
import { streamsOf } from './streams'

/**
 * Adds to an app's stack what its links and publications need, and fixes what keeps the stack from being deployed. Booster makes it before it takes
 * the app's code, and mounts it when its own resources are there. Throws `OPTION_INVALID` for parameters that cannot work.
 * @internal
 */
export function rocket(parameters?: AwsStreamingParameters): Rocket {
  const settings = settingsFrom(parameters)
  const { runtime = RUNTIME, actions = true, size = LEFT_OUT } = settings.fixes
  const infrastructure = new BoosterInfrastructure()
  if (size !== false) fixSize(infrastructure.lambda, size)
  return {
    mountStack: (stack, config) => {
      if (runtime !== false) fixRuntime(stack, runtime)
      if (actions) fixActions(stack)
      mount(infrastructure, stack, { settings, streams: streamsOf(config), booster: boosterParts(stack, config) })
    },
  }
}

function mount({ core }: BoosterInfrastructure, stack: Stack, deployment: Deployment): void {
  const resources = Object.entries(resourcesOf(deployment))
  if (resources.length === 0) return
  for (const [id, { Type, Properties, ...attributes }] of resources) {
    const made = new core.CfnResource(stack, id, { type: Type, properties: Properties })
    for (const [name, value] of Object.entries(attributes)) made.addOverride(name, value)
  }
  informBooster(stack, deployment)
}

/** Booster's own functions store what is streamed: they find the state as ours do. */
function informBooster(stack: Stack, deployment: Deployment): void {
  const own = new Set(deployment.booster.functions.map(({ id }) => id))
  for (const each of functionsOf(stack).filter((one) => own.has(stack.getLogicalId(one)))) {
    for (const [name, value] of Object.entries(commonEnvironment(deployment))) {
      each.addPropertyOverride(`Environment.Variables.${name}`, value)
    }
  }
}
