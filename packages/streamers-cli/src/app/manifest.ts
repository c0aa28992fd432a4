import { StreamerError } from '@boostercloud/streamer-connector'

/** What is to run after each build. */
export const POSTBUILD = 'boost-streamers schemas'

type Section = Readonly<Record<string, string>>
type Manifest = Readonly<Record<string, Section | undefined>>

/** A package.json's text with what is to run after each build, after what runs there already. Throws `OPTION_INVALID` for one that is no JSON. */
export function withPostbuild(text: string, at: string): string {
  const manifest = parsed(text, at)
  const postbuild = manifest.scripts?.postbuild
  if (postbuild?.includes(POSTBUILD)) return text
  const scripts = { ...manifest.scripts, postbuild: postbuild ? `${postbuild} && ${POSTBUILD}` : POSTBUILD }
  return written({ ...manifest, scripts }, text)
}

/** A package.json's text with these packages where it does not name them, each section in the order of names. Throws `OPTION_INVALID` for one that is no JSON. */
export function withPackages(
  text: string,
  at: string,
  packages: Readonly<Record<'dependencies' | 'devDependencies', Section>>
): string {
  const manifest = parsed(text, at)
  const known = { ...manifest.devDependencies, ...manifest.dependencies }
  const sections = Object.entries(packages).flatMap(([name, section]) => {
    const missing = Object.entries(section).filter(([one]) => known[one] === undefined)
    if (missing.length === 0) return []
    const all = [...Object.entries(manifest[name] ?? {}), ...missing]
    return [[name, Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)))] as const]
  })
  return sections.length === 0 ? text : written({ ...manifest, ...Object.fromEntries(sections) }, text)
}

function written(manifest: Manifest, before: string): string {
  const indent = /^\{\r?\n([\t ]+)/.exec(before)?.[1] ?? 2
  return withLineEndsOf(before, `${JSON.stringify(manifest, undefined, indent)}\n`)
}

/** A text with the line ends of another: CRLF where that has it. */
export function withLineEndsOf(other: string, text: string): string {
  return other.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
}

function parsed(text: string, at: string): Manifest {
  try {
    return JSON.parse(text) as Manifest
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', 'The package.json is not valid JSON.', { at, hint: 'Fix it.', cause })
  }
}
