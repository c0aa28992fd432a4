/**
 * What is wrong with a body, an event or a schema, in words of this package: they name fields and types, and never a value. Whatever else is thrown is a library's
 * or the engine's, which may quote what it was given.
 */
export class Misfit extends TypeError {}
