/**
 * Whether two types are probably meant to be one: they differ only in case, separators, a namespace before the name, or a version behind it, as
 * `com.acme.PostLiked`, `post_liked` and `PostLiked.v2`.
 */
export function alikeTypes(one: string, other: string): boolean {
  const [ones, others] = [formsOf(one), formsOf(other)]
  return ones.some((form) => others.includes(form))
}

/** The whole name and its last part, without what may differ. */
function formsOf(type: string): string[] {
  const name = type.replace(/[.:/_-]v\d+$/i, '')
  const last = name.slice(1 + Math.max(...['.', ':', '/', '#'].map((separator) => name.lastIndexOf(separator))))
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return [plain(name), plain(last)].filter((form) => form !== '')
}
