import type { Picture } from './edges'
import { dotOf } from './dot'

/** Graphviz' notes, and the titles that it makes of the names of nodes, which say nothing. */
const NOISE = /<!--[^]*?-->\n?|<title>[^<]*<\/title>\n?/g
const NODE = /<g id="node\d+"[^]*?<\/g>/g

/** A picture as SVG, laid out by Graphviz (in WebAssembly: nothing is to be installed). The same topology gives the same bytes. */
export async function svgOf(picture: Picture): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  return graphviz.dot(dotOf(picture)).replace(NOISE, '').replace(NODE, withTitle)
}

/** The first line of a node is its name. Graphviz centres lines of one font only, whatever font the reader has. */
function withTitle(node: string): string {
  let line = 0
  return node.replace(/<text /g, () => (line++ === 0 ? '<text font-weight="bold" ' : '<text opacity="0.75" '))
}
