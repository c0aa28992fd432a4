/**
 * Whether a text has a form in UTF-8: half of a pair of UTF-16 has none, and would arrive as another character.
 * @internal
 */
export function hasUtf8Form(text: string): boolean {
  // In every Node that is supported; TypeScript's library knows it from ES2024 on.
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
