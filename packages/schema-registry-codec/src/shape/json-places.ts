import type { ReferencedSchema } from '../registry/registry-client'

/** A JSON Schema, or a part of one, with the document that its references are of. */
export class JsonPlace {
  public constructor(
    public readonly schema: Readonly<Record<string, unknown>> | boolean,
    public readonly document: unknown,
    /** The last part of the way to it. */
    public readonly lastName: string
  ) {}

  /** A part of it, by the names on the way. What is no schema is one that says nothing. */
  public at(...path: readonly (string | number)[]): JsonPlace {
    const part = path.reduce<unknown>((at, name) => memberOf(at, String(name)), this.schema)
    return new JsonPlace(isSchema(part) ? part : true, this.document, String(path[path.length - 1]))
  }
}

/** What references lead to, in a schema and in those of the registry that it names. */
export class JsonPlaces {
  public readonly root: JsonPlace
  private readonly documents: ReadonlyMap<string, unknown>

  public constructor(schema: object | boolean, references: readonly ReferencedSchema[]) {
    this.root = new JsonPlace(schema as Readonly<Record<string, unknown>>, schema, '')
    this.documents = new Map(references.map(({ name, schema: text }) => [name, JSON.parse(text) as unknown]))
  }

  /** Where a reference leads; undefined where it is to a name that a schema gives itself, or to nothing. */
  public find({ document }: JsonPlace, reference: string): JsonPlace | undefined {
    const [name, fragment = ''] = reference.split('#', 2)
    const target = name === '' ? document : this.documents.get(name)
    if (target === undefined || (fragment !== '' && !fragment.startsWith('/'))) return undefined
    // RFC 6901, section 4 and 6.
    const path = fragment
      .split('/')
      .slice(1)
      .map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    const part = path.reduce<unknown>(memberOf, target)
    return isSchema(part)
      ? new JsonPlace(part, target, path[path.length - 1] ?? name.replace(/\.json$/, ''))
      : undefined
  }
}

function memberOf(at: unknown, name: string): unknown {
  return typeof at === 'object' && at !== null && Object.hasOwn(at, name)
    ? (at as Record<string, unknown>)[name]
    : undefined
}

function isSchema(value: unknown): value is JsonPlace['schema'] {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
