/** RFC 3986 §2: what may stand in a URI, but for `#` and the brackets of an IP literal. */
const CHARACTER = "(?:[\\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
const IP_LITERAL = '(?:\\/\\/(?:[^/?#@\\s[\\]]*@)?\\[[0-9A-Fa-f:.]+\\])?'
/** RFC 3986 §4.1: a URI, or a relative reference, whose first segment has no colon. */
const REFERENCE = new RegExp(
  `^(?:[A-Za-z][A-Za-z0-9+.-]*:(?=[^#])|(?![^/?#]*:))${IP_LITERAL}${CHARACTER}*(?:#${CHARACTER}*)?$`
)
/** An authority that is announced and not there. */
const NO_AUTHORITY = /^(?:[^:/?#]+:)?\/\/(?:[?#]|$)/
const FORBIDDEN = /[^\w.~:/?@!$&'()*+,;=%#[\]-]|%(?![0-9A-Fa-f]{2})/gu
/** Parts of a URI; an app's name has none of them. */
const DELIMITER = /[:/?#]/

/** Sources that were asked for, which are few. */
const known = new Map<string, string>()
const [MOST_KNOWN, MOST_CHARACTERS] = [1_000, 200]

/**
 * A source as CloudEvents 1.0.2 §3.1.1 has it, a URI reference (RFC 3986 §4.1): what is one already stays as it is; of anything else, as an app's name with
 * blanks, what a URI cannot have is percent-encoded (`my shop` is `my%20shop`).
 * @internal
 */
export function sourceUri(source: string): string {
  let uri = known.get(source)
  if (uri === undefined) {
    uri = asUri(source)
    if (known.size >= MOST_KNOWN) known.clear()
    if (source.length <= MOST_CHARACTERS) known.set(source, uri)
  }
  return uri
}

/**
 * What a source is known by: the same for an app's name as it is and as {@link sourceUri} has it, so that an event that was published in both ways is one. Two
 * URIs that differ are two.
 * @internal
 */
export function sourceIdentity(source: string): string {
  const uri = sourceUri(source)
  if (!uri.includes('%') || DELIMITER.test(uri)) return uri
  try {
    const name = decodeURIComponent(uri)
    return sourceUri(name) === uri ? name : uri
  } catch {
    return uri
  }
}

function asUri(source: string): string {
  if (isReference(source)) return source
  const encoded = source.replace(FORBIDDEN, percentEncoded)
  return isReference(encoded) ? encoded : source.replace(/[^\w.~-]/gu, percentEncoded)
}

function isReference(text: string): boolean {
  return REFERENCE.test(text) && !NO_AUTHORITY.test(text)
}

function percentEncoded(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
