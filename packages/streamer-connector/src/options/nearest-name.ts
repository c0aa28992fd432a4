/**
 * The known name that is most like a wrong one, if any is like it at all.
 * @internal
 */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, distance: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 2)) ? best.name : undefined
}

/** Levenshtein: insertions, deletions and replacements between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}

/**
 * A question for the hint of an error, `Did you mean 'posts'? `, with a blank behind it; empty where no known name is like the wrong one.
 * @internal
 */
export function didYouMean(wrong: string, known: readonly string[]): string {
  const nearest = nearestName(
    wrong,
    [...new Set(known)].filter((name) => name !== '')
  )
  return nearest === undefined ? '' : `Did you mean '${nearest}'? `
}
