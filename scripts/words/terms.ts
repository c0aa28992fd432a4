/** A word that readers stumble over, and what to write in its place. */
interface Term {
  readonly pattern: RegExp
  readonly instead: string
}

/** What a page or message must not say. Each pattern finds whole words, in any case. */
const TERMS: readonly Term[] = [
  term('anew', "'again', or say what is created"),
  term('cannot be had|is not to be had|are not to be had', "'is not available'"),
  term("(?<!')facts(?!')", "'capabilities', or what it is about"),
  term('hand-outs?', "'dispatcher' or 'delivery'"),
  term('hence|thereby|whereby|thereof', 'a new sentence'),
  term('it helped and is there', 'what succeeded'),
  term('mend|mends|mended|mending', "'fix'"),
  term('nothing is to be done', "'No action is needed'"),
  term('nothing need(?: be)?', "'nothing has to be'"),
  term('of ours', "'our own'"),
  term('so many at most', "'at most this many'"),
  term('tells? of|told of|told from|be told', "'reports', 'names' or 'distinguishes'"),
  term('whoever', "'who', or who it is"),
]

function term(words: string, instead: string): Term {
  return { pattern: new RegExp(`\\b(?:${words.replaceAll(' ', '\\s+')})\\b`, 'gi'), instead }
}

/** The terms in a text, each as `line:column 'word': write …`. */
export function foundTerms(text: string): string[] {
  return TERMS.flatMap(({ pattern, instead }) =>
    Array.from(text.matchAll(pattern), ({ 0: word, index = 0 }) => {
      const before = text.slice(0, index).split('\n')
      return `${before.length}:${(before.at(-1) ?? '').length + 1} '${word.replaceAll(/\s+/g, ' ')}': write ${instead}`
    })
  )
}
