/** What a marker says: which state reads, and whether all of its processes have said that they end. */
export interface Marked {
  /** Undefined where RabbitMQ's answer had no room for it. */
  readonly stateId?: string
  readonly hasLeft: boolean
}

/** What a queue is owned by is said by an exchange of this name, to which each process of its state is bound. */
export function markerOf(queue: string): string {
  return `${queue}.owner`
}

const LEFT = '.left'
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** A state as the marker's alternate exchange, which never exists: a name that the service has rights to, and short. */
export function alternateOf(group: string, { stateId = '', hasLeft }: Marked): string {
  const id = UUID.test(stateId)
    ? `u${Buffer.from(stateId.replaceAll('-', ''), 'hex').toString('base64url')}`
    : `s${Buffer.from(stateId).toString('base64url')}`
  return `${group}.${id}${hasLeft ? LEFT : ''}`
}

/**
 * What RabbitMQ says of a marker when it is asked to make it with no alternate exchange: `received none but current is the value '…' of type 'longstr'`. Its
 * answers end after 255 bytes. Undefined for any other answer.
 */
export function markedIn(answer: string): Marked | undefined {
  if (!answer.includes("inequivalent arg 'alternate-exchange'")) return undefined
  const [, alternate] = / but current is (?:the value )?'([^']*)'/.exec(answer) ?? []
  // One with nothing in it is nobody's.
  if (alternate === undefined) return { hasLeft: answer.includes(' but current is none') }
  const hasLeft = alternate.endsWith(LEFT)
  const id = (hasLeft ? alternate.slice(0, -LEFT.length) : alternate).split('.').at(-1) ?? ''
  const bytes = Buffer.from(id.slice(1), 'base64url')
  if (id.startsWith('s')) return { stateId: bytes.toString(), hasLeft }
  if (!id.startsWith('u') || bytes.length !== 16) return { hasLeft }
  return { stateId: bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), hasLeft }
}
