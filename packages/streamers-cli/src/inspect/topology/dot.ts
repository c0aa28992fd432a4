import { EVERYTHING } from './edges'
import type { Picture, PictureEdge } from './edges'

const FONT = 'Helvetica,Arial,sans-serif'
const LINE = '#64748b'
const FADED = '#475569'

/**
 * A picture in Graphviz' language (https://graphviz.org/doc/info/lang.html). An address has its events written in it; an edge says something
 * only where not just these go along it.
 */
export function dotOf({ services, addresses, edges }: Picture): string {
  const service = (name: string): string => `s${services.indexOf(name)}`
  const address = (name: string): string => `a${addresses.indexOf(name)}`
  return [
    'digraph {',
    '  rankdir=LR; bgcolor="white"; pad=0.15; nodesep=0.25; ranksep=0.45',
    `  node [fontname="${FONT}", fontsize=12, fontcolor="#0f172a", color="${LINE}", margin="0.28,0.09"]`,
    `  edge [fontname="${FONT}", fontsize=10, fontcolor="${FADED}", color="${LINE}", arrowsize=0.7]`,
    ...services.map(
      (name) => `  ${service(name)} [label=${quoted([name])}, shape=box, style="filled,rounded", fillcolor="#e0f2fe"]`
    ),
    ...addresses.map((name) => {
      const events = eventsAt(name, edges)
      return `  ${address(name)} [label=${quoted([name, ...events])}, shape=cylinder, style=filled, fillcolor="#fef3c7"]`
    }),
    ...edges.map((edge) => {
      const ends = [service(edge.service), address(edge.address)]
      const [from, to] = edge.direction === 'publishes' ? ends : ends.reverse()
      return `  ${from} -> ${to}${styleOf(edge, eventsAt(edge.address, edges))}`
    }),
    '}',
    '',
  ].join('\n')
}

/** What is written in an address: what is published there; where nobody does, what is awaited. */
function eventsAt(address: string, edges: readonly PictureEdge[]): string[] {
  const there = edges.filter((edge) => edge.address === address)
  const published = there.filter(({ direction }) => direction === 'publishes')
  const labels = (published.length > 0 ? published : there).flatMap((edge) => edge.labels)
  return [...new Set(labels)].filter((label) => label !== EVERYTHING)
}

function styleOf({ labels, open }: PictureEdge, events: readonly string[]): string {
  const isSaid = labels.length === events.length && labels.every((label) => events.includes(label))
  const style = [...(isSaid ? [] : [`label=${quoted(labels)}`]), ...(open ? ['style=dashed'] : [])]
  return style.length > 0 ? ` [${style.join(', ')}]` : ''
}

/** Lines of a label. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`
}
