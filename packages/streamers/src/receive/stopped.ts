/** Thrown where the service stops before something durable could be written: the event stays unsettled and comes again. */
export class Stopped extends Error {}

/** The same before its run has begun: its claim can be given back at once. */
export class NotBegun extends Stopped {}
