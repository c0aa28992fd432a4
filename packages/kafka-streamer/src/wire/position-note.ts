/** What is kept with the brokers beside a committed offset. */
export interface PositionNote {
  /** The id of the topic that the offset is in. Undefined where it is not known: an earlier version of this streamer, a tool, or old brokers. */
  readonly topicId?: string
  /** The id of the streaming state that has read up to it. */
  readonly stateId?: string
}

/** As text, less than 200 characters; brokers take 4096 unless they are told otherwise. */
export function noteText({ topicId, stateId }: PositionNote): string {
  return JSON.stringify({ topicId, stateId })
}

/** The inverse of {@link noteText}; of any other text, and of none, a note that says nothing. */
export function noteFrom(text: string | null | undefined): PositionNote {
  if (!text) return {}
  try {
    const { topicId, stateId } = JSON.parse(text) as Record<keyof PositionNote, unknown>
    return { ...(isId(topicId) && { topicId }), ...(isId(stateId) && { stateId }) }
  } catch {
    return {}
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
