import type { InspectedTopology } from './topology'

/** What stands for every event of an address. */
export const EVERYTHING = 'everything'

/** A picture's parts: services, addresses between them, and events along the edges. */
export interface Picture {
  readonly services: readonly string[]
  readonly addresses: readonly string[]
  readonly edges: readonly PictureEdge[]
}

/** From a service to an address, or from an address to a service. */
export interface PictureEdge {
  readonly service: string
  readonly address: string
  readonly direction: 'publishes' | 'handles'
  /** What goes along, each once. */
  readonly labels: readonly string[]
  /** Nobody among these services is at the other end. */
  readonly open: boolean
}

/** What a picture of a topology shows, in the order of the services. */
export function pictureOf({ services, unhandled, unpublished }: InspectedTopology): Picture {
  const edges = new Map<string, PictureEdge & { labels: string[] }>()
  const add = (edge: Omit<PictureEdge, 'labels'>, label: string): void => {
    const name = JSON.stringify([edge.service, edge.address, edge.direction])
    const known = edges.get(name) ?? { ...edge, labels: [] }
    if (!known.labels.includes(label)) known.labels.push(label)
    edges.set(name, { ...known, open: known.open && edge.open })
  }
  for (const service of services) {
    const isOpen = (ends: InspectedTopology['unhandled'], address: string, event: string): boolean =>
      ends.some((end) => end.service === service.name && end.address === address && end.event === event)
    for (const { event, version, address } of service.publishes) {
      const edge = {
        service: service.name,
        address,
        direction: 'publishes',
        open: isOpen(unhandled, address, event),
      } as const
      add(edge, labelOf(event, version))
    }
    for (const { event = '*', version = 1, address } of service.handles) {
      const edge = {
        service: service.name,
        address,
        direction: 'handles',
        open: isOpen(unpublished, address, event),
      } as const
      add(edge, event === '*' ? EVERYTHING : labelOf(event, version))
    }
  }
  const all = [...edges.values()]
  return {
    services: services.map(({ name }) => name),
    addresses: [...new Set(all.map(({ address }) => address))],
    edges: all,
  }
}

function labelOf(event: string, version: number): string {
  return version > 1 ? `${event} v${version}` : event
}
