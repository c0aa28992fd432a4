import type { Picture } from './edges'
import { dotOf } from './dot'

/** A picture as SVG, laid out by Graphviz (in WebAssembly: nothing is to be installed). The same topology gives the same bytes. */
export async function svgOf(picture: Picture): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  return graphviz.dot(dotOf(picture)).replace(/<!--[^]*?-->\n?/g, '')
}
