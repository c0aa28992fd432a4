import { StreamerError } from '../../contract'

/** The CloudEvents extension that has the version of an event's class. Others have one of this name too, and mean another thing by it. */
export const VERSION = 'schemaversion'
/** The extension that says whose `schemaversion` it is: written beside it, with the version of what is agreed on. */
export const MARK = 'boosterstreamers'

const AGREED = '1'
const WHOLE = /^[1-9]\d*$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The extensions that tell the schema version of an event. */
export function versionAttributes(version: number): Record<string, string> {
  return { [VERSION]: String(version), [MARK]: AGREED }
}

/**
 * The schema version that attributes tell; undefined where they tell none, or a stranger's. Throws `EVENT_UNDECODABLE` for one that bears the mark
 * and is no whole number from 1.
 */
export function schemaVersionOf(attributes: Readonly<Record<string, string>>): number | undefined {
  const text = attributes[VERSION]
  if (text === undefined) return undefined
  if (attributes[MARK] === undefined) return isOfBeforeTheMark(attributes) ? wholeNumber(text) : undefined
  const version = wholeNumber(text)
  if (version !== undefined) return version
  throw new StreamerError('EVENT_UNDECODABLE', `The attribute ${VERSION} is not a whole number from 1.`, {
    hint: 'Fix the producer.',
  })
}

/** What services wrote before there was the mark, of which brokers may hold some for long. */
function isOfBeforeTheMark({ id, subject, correlationid }: Readonly<Record<string, string>>): boolean {
  return Boolean(subject && correlationid && id) && UUID.test(id)
}

function wholeNumber(text: string): number | undefined {
  const version = Number(text)
  return WHOLE.test(text) && Number.isSafeInteger(version) ? version : undefined
}
