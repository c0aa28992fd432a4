import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cached-folder'
import { checkFile, checksumList, readChecksums } from './checksums'
import { requireJava } from './java'
import { runToEnd } from '../run'
import { unpack } from './unpack'

/** Coordinates of something in Maven Central: `group:artifact:version`. */
export type Coordinates = string

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1'
const FROM =
  'Check where Maven downloads from (a mirror, a proxy), and delete the file from its local repository (~/.m2/repository).'

/**
 * A folder in the cache of the user's with libraries and all that they need to run, fetched by Maven, from wherever the user's settings have
 * it fetch, and checked by `list`. Rejects with `PACKAGE_MISSING` where there is no Java 17, no Maven, or no way to the libraries, and with
 * `CHECKSUM_MISMATCH`.
 */
export async function cachedLibraries(
  name: string,
  libraries: readonly Coordinates[],
  list: string = checksumList(`${name}.sha256`)
): Promise<string> {
  await requireJava()
  return cachedFolder(name, list, async (folder) => {
    const project = join(folder, 'pom.xml')
    await writeFile(project, projectOf(libraries))
    const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`
    const options = ['-q', '-B', '-f', project, goal, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
    await runToEnd({ file: 'mvn', args: options }, { cwd: folder })
    await rm(project)
    const checksums = await readChecksums(list)
    for (const file of await readdir(folder)) await checkFile(join(folder, file), checksums, FROM)
  })
}

/** A folder in the cache of the user's with the contents of an archive, `group:artifact:version:tar.gz:classifier`. Rejects likewise. */
export async function cachedArchive(name: string, archive: Coordinates): Promise<string> {
  await requireJava()
  const list = checksumList(`${name}.sha256`)
  return cachedFolder(name, list, async (folder) => {
    const options = ['-q', '-B', `${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${archive}`, `-DoutputDirectory=${folder}`]
    await runToEnd({ file: 'mvn', args: [...options, '-Dmdep.stripVersion=true'] }, { cwd: folder })
    const [, artifact, , type, classifier] = archive.split(':')
    const file = `${artifact}-${classifier}.${type}`
    await checkFile(join(folder, file), await readChecksums(list), FROM)
    await unpack(join(folder, file), folder)
  })
}

function projectOf(libraries: readonly Coordinates[]): string {
  const dependencies = libraries.map((library) => {
    const [group, artifact, version] = library.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>servers</groupId><artifactId>servers</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`
}
