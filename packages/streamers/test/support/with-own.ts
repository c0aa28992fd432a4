import type { StateStore } from '../../src/state'

/** A state with some methods of the test's own. */
export function withOwn(state: StateStore, own: Partial<StateStore>): StateStore {
  return new Proxy(state, {
    get(target, name: keyof StateStore) {
      const member: unknown = own[name] ?? target[name]
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}
