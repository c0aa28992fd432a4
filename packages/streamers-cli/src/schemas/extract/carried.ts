import type * as ts from 'typescript'
import { compiler, placeOf } from '../../inspect'
import type { ServiceProgram } from '../../inspect'

/** The package in whose name a contract says what its topics carry. */
const MODULE = '@boostercloud/streamers'

/** An event class at a topic. */
export interface Carried {
  readonly eventClass: ts.ClassDeclaration
  /** As `main/orders`. */
  readonly address: string
  /** Where the topic is declared. */
  readonly at: string
}

/** What the topics of a contract carry: what a folder's sources say in `declare module … { interface Streamers … }`. */
export function carriedEvents(program: ServiceProgram): Carried[] {
  const found: Carried[] = []
  const visit = (node: ts.Node): void => {
    if (compiler.isModuleDeclaration(node) && node.name.text === MODULE) found.push(...ofModule(node, program))
    else compiler.forEachChild(node, visit)
  }
  program.files.forEach(visit)
  return found
}

function ofModule({ body }: ts.ModuleDeclaration, program: ServiceProgram): Carried[] {
  if (!body || !compiler.isModuleBlock(body)) return []
  return body.statements
    .filter(compiler.isInterfaceDeclaration)
    .filter(({ name }) => name.text === 'Streamers')
    .flatMap(({ members }) => [...members])
    .flatMap((streamer) => ofStreamer(streamer, program))
}

function ofStreamer(streamer: ts.TypeElement, { checker, folder }: ServiceProgram): Carried[] {
  const id = streamer.name && textOf(streamer.name)
  return checker
    .getTypeAtLocation(streamer)
    .getProperties()
    .flatMap((topic) => {
      const [declaration] = topic.declarations ?? []
      const at = placeOf(declaration ?? streamer, folder)
      return classesOf(checker.getTypeOfSymbolAtLocation(topic, streamer)).map((eventClass) => ({
        eventClass,
        address: `${id ?? ''}/${topic.name}`,
        at,
      }))
    })
}

function textOf(name: ts.PropertyName): string {
  return compiler.isIdentifier(name) || compiler.isStringLiteralLike(name) ? name.text : name.getText()
}

/** The classes of a type, or of the union that it is. */
function classesOf(type: ts.Type): ts.ClassDeclaration[] {
  if (type.isUnion()) return type.types.flatMap(classesOf)
  return type.symbol?.declarations?.filter(compiler.isClassDeclaration) ?? []
}
