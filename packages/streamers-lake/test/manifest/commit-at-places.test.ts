import { onFailpoint } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import * as fc from 'fast-check'
import type { RecordedEvent } from '../../src/format'
import { LakeVersions } from '../../src/manifest'
import { readEvents } from '../../src/read'
import type { LakeStorage } from '../../src/storage'
import { recorded } from '../support/events'
import { draftOf } from '../support/made-lake'
import { Storages, describePlaces } from '../support/places'

/** The events of the positions from one to another. */
const stretch = (from: number, to: number): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recorded(from + index))

async function positionsIn(storage: LakeStorage): Promise<(number | undefined)[]> {
  const versions = new LakeVersions(storage)
  const positions: (number | undefined)[] = []
  const { segments } = await versions.latest()
  for await (const { position } of readEvents(storage, versions, {}, segments)) positions.push(position)
  return positions
}

describe('a commit to a lake', function () {
  this.timeout(60_000)

  describePlaces((kind) => {
    afterEach(() => onFailpoint(undefined))

    it('of several recorders at once loses and doubles nothing, whichever events each of them was given', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), {
            minLength: 2,
            maxLength: 3,
          }),
          async (sizes) => {
            const storages = await Storages.of(kind)
            await Promise.all(
              sizes.map(async (steps) => {
                const versions = new LakeVersions(storages.one())
                let read = 0
                for (const step of steps) {
                  await versions.commit(draftOf(stretch(read + 1, read + step), read === 0 ? null : read))
                  read += step
                }
              })
            )
            const longest = Math.max(...sizes.map((steps) => steps.reduce((sum, step) => sum + step, 0)))
            const positions = await positionsIn(storages.one())
            await storages.close()
            expect(positions).to.deep.equal(Array.from({ length: longest }, (_, index) => index + 1))
          }
        ),
        { numRuns: 5 }
      ))

    for (const name of [
      'lake:draft-written',
      'lake:before-manifest',
      'lake:manifest-created',
      'lake:segment-in-place',
    ]) {
      it(`that ends at ${name} is there wholly or not at all, and the same events may come again`, async () => {
        const storages = await Storages.of(kind)
        const storage = storages.one()
        await new LakeVersions(storage).commit(draftOf(stretch(1, 2), null))
        onFailpoint((reached) => {
          if (reached === name) throw new Error('killed')
        })
        const failure = await new LakeVersions(storage)
          .commit(draftOf(stretch(3, 4), 2))
          .catch((error: unknown) => error)
        expect(String(failure)).to.contain('killed')
        onFailpoint(undefined)
        const isIn = name === 'lake:manifest-created' || name === 'lake:segment-in-place'
        expect(await positionsIn(storage)).to.deep.equal(isIn ? [1, 2, 3, 4] : [1, 2])
        const after = new LakeVersions(storage)
        await after.recover()
        await after.commit(draftOf(stretch(3, 6), 2))
        expect(await positionsIn(storage)).to.deep.equal([1, 2, 3, 4, 5, 6])
        const paths = (await storage.list('segments')).map(({ path }) => path).sort()
        expect(paths).to.deep.equal((await after.latest()).segments.map(({ path }) => path).sort())
        await storages.close()
      })
    }
  })
})
