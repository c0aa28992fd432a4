import type { Picture } from './edges'

/** A picture as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html), for a README. */
export function mermaidOf({ services, addresses, edges }: Picture): string {
  const service = (name: string): string => `s${services.indexOf(name)}`
  const address = (name: string): string => `a${addresses.indexOf(name)}`
  return [
    'flowchart LR',
    ...services.map((name) => `  ${service(name)}["${text(name)}"]`),
    ...addresses.map((name) => `  ${address(name)}[("${text(name)}")]`),
    ...edges.map((edge) => {
      const ends = [service(edge.service), address(edge.address)]
      const [from, to] = edge.direction === 'publishes' ? ends : ends.reverse()
      return `  ${from} ${edge.open ? '-.->' : '-->'}|"${edge.labels.map(text).join('<br/>')}"| ${to}`
    }),
    '',
  ].join('\n')
}

/** Within quotes, Mermaid reads entity codes with a '#' in the place of the '&'. */
function text(raw: string): string {
  return raw.replace(/[^\p{L}\p{N} ./_*-]/gu, (character) => `#${character.codePointAt(0) ?? 63};`)
}
