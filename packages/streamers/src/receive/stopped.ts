/** Thrown where the service stops before something durable could be written: the event stays unsettled and comes again. */
export class Stopped extends Error {}
