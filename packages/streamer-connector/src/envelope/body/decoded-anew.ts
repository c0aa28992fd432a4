import type { EventMetadata } from '../../contract'

/** Is the object that it is given, so that a class derived from it puts its private fields beside any object. */
class Given {
  public constructor(object: object) {
    return object
  }
}

/** What decodes a message again, in a private field of its metadata: seen by nobody else, and freed with it. */
class Decoder extends Given {
  #decode: () => unknown

  private constructor(metadata: EventMetadata, decode: () => unknown) {
    super(metadata)
    this.#decode = decode
  }

  public static keep(metadata: EventMetadata, decode: () => unknown): void {
    if (Object.isExtensible(metadata) && !(#decode in metadata)) new Decoder(metadata, decode)
  }

  public static of(metadata: EventMetadata): (() => unknown) | undefined {
    return #decode in metadata ? metadata.#decode : undefined
  }
}

/**
 * Keeps what decodes an event's message again.
 * @internal
 */
export function keepDecoder(metadata: EventMetadata, decode: () => unknown): void {
  Decoder.keep(metadata, decode)
}

/**
 * What answers the payload of a received event anew, as it was before anybody had it; undefined where only a copy can.
 * @internal
 */
export function decoderOf(metadata: EventMetadata | undefined): (() => unknown) | undefined {
  return metadata && Decoder.of(metadata)
}
