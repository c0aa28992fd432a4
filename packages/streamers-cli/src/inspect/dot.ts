import type { Picture } from './edges'

/** A picture in Graphviz' language (https://graphviz.org/doc/info/lang.html). */
export function dotOf({ services, addresses, edges }: Picture): string {
  const node = (kind: 's' | 'a', index: number, name: string, style: string): string =>
    `  ${kind}${index} [label=${quoted(name)}, ${style}]`
  return [
    'digraph {',
    '  rankdir=LR; bgcolor="transparent"; nodesep=0.3; ranksep=0.9',
    '  node [fontname="Helvetica", fontsize=12, style="filled", color="#5b6b7b"]',
    '  edge [fontname="Helvetica", fontsize=10, color="#5b6b7b", fontcolor="#334155"]',
    ...services.map((name, index) => node('s', index, name, 'shape=box, style="filled,rounded", fillcolor="#e0f2fe"')),
    ...addresses.map((name, index) => node('a', index, name, 'shape=cylinder, fillcolor="#fef3c7"')),
    ...edges.map(({ service, address, direction, labels, open }) => {
      const ends = [`s${services.indexOf(service)}`, `a${addresses.indexOf(address)}`]
      const [from, to] = direction === 'publishes' ? ends : ends.reverse()
      return `  ${from} -> ${to} [label=${quoted(labels.join('\n'))}${open ? ', style=dashed' : ''}]`
    }),
    '}',
    '',
  ].join('\n')
}

function quoted(raw: string): string {
  return `"${raw.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
