import { expect } from 'chai'
import { headOf, mark, parked } from '../support/records'
import type { OpenState } from './open-state'
import { asOwner } from './open-state'

/** Texts of which a database may make others, or that it may refuse: then a topic would stand still at one event. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['a zero character', 'a\0b'],
  ['zero characters only', '\0\0'],
  ['what stands for a zero character', 'a\ue0000b'],
  ['what stands for that', '\ue000\ue0001'],
  ['quotes and a backslash', `'; DROP TABLE inbox; --"\\u0000`],
  ['characters beyond the first plane', '\u{1f680}\u{10ffff}'],
]

/** Of ids, sources, keys, types, causes and positions as others write them. */
export function testTexts(on: OpenState): void {
  describe('texts of others', () => {
    for (const [what, text] of TEXTS) {
      it(`are kept as they are: ${what}`, async () => {
        const key = { handler: 'H', source: text, id: text, address: 'main/posts', key: text }
        expect(await on.state.claim([key], asOwner('a'))).to.deep.equal([{ state: 'claimed' }])
        await on.state.commit([{ do: 'finish', key, at: 1, owner: 'a' }])
        const event = parked({ id: text, source: text, key: text, cause: { name: text, message: text, stack: text } })
        await on.state.commit([
          { do: 'park', event },
          { do: 'mark-pending', mark: mark({ id: text }) },
          { do: 'move-position', address: 'main/posts', position: text },
        ])
        await on.reopen()
        const others = TEXTS.map(([, id]) => ({ ...key, id, source: id, key: undefined }))
        const claims = await on.state.claim(others, asOwner('b'))
        const states = claims.map(({ state }) => state)
        expect(states).to.deep.equal(TEXTS.map(([, other]) => (other === text ? 'finished' : 'claimed')))
        const head = await headOf(on.state, { address: 'main/posts', handler: 'H', key: text })
        expect(head).to.deep.include({ ...event, event: head?.event })
        expect(await on.state.position('main/posts')).to.equal(text)
        expect((await on.state.pendingMarks('main/posts', { limit: 10 })).map(({ id }) => id)).to.deep.equal([text])
      })
    }
  })
}
