import { isUtf8 } from 'node:buffer'
import type { Tap } from './tap'
import { Misfit } from '../../misfit'

/** What decoders put in the place of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd'

/** Text as the cursor has it. Throws for bytes that are no UTF-8: Avro 1.12, "Primitive Types". */
export function textOf(tap: Tap): string {
  const from = tap.pos
  const text = tap.readString()
  // Where the bytes end too soon there is no text; the cursor says so afterwards.
  if (text?.includes(REPLACEMENT)) refuseOther(tap, from)
  return text
}

function refuseOther(tap: Tap, from: number): void {
  const end = tap.pos
  tap.pos = from
  tap.skipLong()
  const bytes = tap.buf.subarray(tap.pos, end)
  tap.pos = end
  if (!isUtf8(bytes)) throw new Misfit('a text is no UTF-8')
}
