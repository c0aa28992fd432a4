import { CircularReferenceNodeParser } from 'ts-json-schema-generator'
import type { InterfaceAndClassNodeParser, NodeParser, SubNodeParser } from 'ts-json-schema-generator'
import { BrandParser } from './branded'
import { ClassParser } from './class-parser'
import { KeyParser, MappedParser } from './mapped'
import { TupleParser } from './tuples'

type Checker = ConstructorParameters<typeof InterfaceAndClassNodeParser>[0]

/** What reads types before the generator's own parsers do, which see them as TypeScript has them and not as their values travel. */
export function ownParsers(given: unknown, chain: NodeParser): SubNodeParser[] {
  const checker = given as Checker
  return [
    new BrandParser(checker, chain),
    new TupleParser(checker, chain),
    new KeyParser(chain),
    new MappedParser(chain, true),
    new CircularReferenceNodeParser(new ClassParser(checker, chain, true)),
  ]
}
