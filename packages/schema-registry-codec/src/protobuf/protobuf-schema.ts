import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { DescFile, DescMessage } from '@bufbuild/protobuf'
import type { ReferencedSchema } from '../registry/registry-client'
import type { BodySchema, BodyValue } from '../codec/schema-kind'
import { messageFrom } from './from-plain'
import { indexBytes, splitPath } from './index-list'
import { protoFile } from './proto-file'
import { plainOf } from './to-plain'
import { Misfit } from '../misfit'

/**
 * A `.proto` file's text.
 * @public
 */
export type ProtobufDefinition = string

/** Levels of messages in a body, and in a value that is written. */
const MAX_LEVELS = 100
/** A key of a map that would reach an object's prototype, as an entry of a map has it. */
const FORBIDDEN_KEY = Buffer.from('\n\u0009__proto__')

/** A file of messages, ready to read and write bodies. */
export class ProtobufSchema implements BodySchema {
  private constructor(
    public readonly text: string,
    /** Its messages and enums. */
    public readonly file: DescFile
  ) {}

  /** Throws for what is no file, or imports what is not there. */
  public static of(text: ProtobufDefinition, references: readonly ReferencedSchema[] = []): ProtobufSchema {
    const file = protoFile(text, references)
    if (file.messages.length === 0) throw new Misfit('it has no message')
    for (const message of file.messages) refuseNames(message)
    return new ProtobufSchema(text, file)
  }

  public nameFor(type: string): string | undefined {
    return this.find(type)?.message.typeName
  }

  /** Writes the message that is called as the event's type is; the only one of the file, whatever it is called. */
  public write(event: object, type: string): Uint8Array {
    const found = this.find(type)
    if (!found) throw new Misfit(`the schema has several messages, and none is called ${type}`)
    const message = messageFrom(found.message, event, MAX_LEVELS)
    return Buffer.concat([indexBytes(found.path), toBinary(found.message, message)])
  }

  /** Reads a body, which says of which message it is. */
  public read(data: Uint8Array): BodyValue {
    const { path, message: bytes } = splitPath(data)
    const message = this.at(path)
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(FORBIDDEN_KEY)) {
      throw new Misfit("a map has the forbidden key '__proto__'")
    }
    return { value: valueOf(message, bytes), name: message.typeName }
  }

  private find(type: string): Place | undefined {
    const all = places(this.file.messages, [])
    const named = all.find(({ message }) => message.name === type.slice(type.lastIndexOf('.') + 1))
    return named ?? (this.file.messages.length === 1 ? all[0] : undefined)
  }

  private at(path: readonly number[]): DescMessage {
    let [messages, found]: [readonly DescMessage[], DescMessage | undefined] = [this.file.messages, undefined]
    for (const index of path) {
      found = declared(messages)[index]
      if (!found) throw new Misfit('its schema does not have the message that it says it is')
      messages = found.nestedMessages
    }
    return found as DescMessage
  }
}

/** The library tells what is wrong by errors of the engine: its own, of `DataView` and of `TextDecoder`. */
function valueOf(message: DescMessage, bytes: Uint8Array): unknown {
  try {
    return plainOf(message, fromBinary(message, bytes, { recursionLimit: MAX_LEVELS }))
  } catch (thrown) {
    if (thrown instanceof Misfit) throw thrown
    const isDeep = thrown instanceof Error && thrown.message.includes('recursion')
    throw new Misfit(isDeep ? 'it is nested too deeply' : `its bytes are no ${message.typeName}`)
  }
}

interface Place {
  readonly message: DescMessage
  readonly path: readonly number[]
}

function places(messages: readonly DescMessage[], above: readonly number[]): Place[] {
  return declared(messages).flatMap((message, index) => {
    const path = [...above, index]
    return [{ message, path }, ...places(message.nestedMessages, path)]
  })
}

/** Entries of maps are messages that nobody has declared, and are not counted. */
function declared(messages: readonly DescMessage[]): DescMessage[] {
  return messages.filter(({ proto }) => proto.options?.mapEntry !== true)
}

function refuseNames({ fields, nestedMessages }: DescMessage): void {
  if (fields.some(({ jsonName }) => jsonName === '__proto__')) throw new Misfit('the name __proto__ is forbidden')
  nestedMessages.forEach(refuseNames)
}
