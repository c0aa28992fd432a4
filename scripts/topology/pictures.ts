import { join } from 'node:path'
import {
  inspectService,
  mermaidOf,
  pictureOf,
  svgOf,
  topologyOfServices,
} from '../../packages/streamers-cli/src/inspect'
import { ROOT } from '../lib/run'

/** The services of each example. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  aws: ['aws'],
  blog: ['blog/blog', 'blog/newsletter', 'blog/audit'],
  bridge: ['bridge/shop', 'bridge/warehouse', 'bridge/courier'],
  contracts: ['contracts/waiter', 'contracts/kitchen'],
  heterogeneous: ['heterogeneous/booster'],
}

/** The folder of a service, as named in EXAMPLES. */
const folderOf = (service: string): string => join(ROOT, 'examples', service)

/** The pictures of docs/reference/topology, drawn from the sources of the examples: their files, from the root, and what is to be in them. */
export async function drawPictures(): Promise<Array<{ path: string; text: string }>> {
  const pictures: Array<{ path: string; text: string }> = []
  for (const [example, services] of Object.entries(EXAMPLES)) {
    const picture = pictureOf(topologyOfServices(services.map((service) => inspectService(folderOf(service)))))
    pictures.push(
      { path: `docs/reference/topology/${example}.svg`, text: await svgOf(picture) },
      { path: `docs/reference/topology/${example}.mmd`, text: mermaidOf(picture) }
    )
  }
  return pictures
}
