import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT } from '../lib/run.mjs'

/** The services of each example. */
export const EXAMPLES = {
  aws: ['aws'],
  blog: ['blog/blog', 'blog/newsletter', 'blog/audit'],
  bridge: ['bridge/shop', 'bridge/warehouse', 'bridge/courier'],
  contracts: ['contracts/waiter', 'contracts/kitchen'],
  heterogeneous: ['heterogeneous/booster'],
}

/** The folder of a service, as named in EXAMPLES. */
export const folderOf = (service) => join(ROOT, 'examples', service)

/** The pictures of docs/topology, drawn from the sources of the examples: their files, from the root, and what is to be in them. */
export async function drawPictures() {
  const { inspectService, mermaidOf, pictureOf, svgOf, topologyOfServices } = createRequire(import.meta.url)(
    join(ROOT, 'packages/streamers-cli/dist/inspect')
  )
  const pictures = []
  for (const [example, services] of Object.entries(EXAMPLES)) {
    const picture = pictureOf(topologyOfServices(services.map((service) => inspectService(folderOf(service)))))
    pictures.push(
      { path: `docs/topology/${example}.svg`, text: await svgOf(picture) },
      { path: `docs/topology/${example}.mmd`, text: mermaidOf(picture) }
    )
  }
  return pictures
}
