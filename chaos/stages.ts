/** The services of the chain, in its order. */
export const STAGES = ['first', 'second', 'third'] as const
export type Stage = (typeof STAGES)[number]
