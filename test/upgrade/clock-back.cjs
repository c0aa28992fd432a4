/**
 * Puts this process's clock back, so that what it writes is in the past for whoever reads it, and takes the paths of this machine out of the errors
 * that it keeps. Loaded before all else.
 */
Error.stackTraceLimit = 0
const backMs = Number(process.env.CLOCK_BACK_MS)
const RealDate = Date
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() - backMs)
    else super(...given)
  }

  static now() {
    return RealDate.now() - backMs
  }
}
