/** What no database has in a text, or makes one of: NUL, and halves of pairs of UTF-16. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u
const MARK = 'json:'

/**
 * A text from outside as it may be an identity in any state: two texts that differ stay two. PostgreSQL refuses NUL, and halves of a pair of UTF-16 are all the same
 * once they are UTF-8; such a text is kept as JSON writes it, behind `json:`.
 */
export function storable(text: string): string {
  return NOT_STORABLE.test(text) || text.startsWith(MARK) ? MARK + JSON.stringify(text) : text
}
