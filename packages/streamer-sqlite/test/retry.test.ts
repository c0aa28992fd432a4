import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { untilFree } from '../src/retry'
import { useTemporary } from './support/temporary'

const LIMIT_MS = 30

describe('a lock that somebody else has', () => {
  const { open } = useTemporary()

  it('is waited for beyond the limit while others commit, as on a slow disk where somebody is quicker each time', async () => {
    const begun = performance.now()
    const isOver = (): boolean => performance.now() - begun > 5 * LIMIT_MS
    expect(
      await untilFree(
        () => (isOver() ? 'free' : busy()),
        LIMIT_MS,
        () => performance.now()
      )
    ).to.equal('free')
  })

  it('is given up on when nobody has committed for as long as the limit', async () => {
    const error: unknown = await untilFree(busy, LIMIT_MS, () => 1).catch((thrown: unknown) => thrown)
    expect(isStreamerError(error, 'STORAGE_BUSY'), String(error)).to.equal(true)
  })

  it('begins the limit anew with a commit of another, and of nobody else', async () => {
    const begun = performance.now()
    let asked = 0
    await untilFree(busy, LIMIT_MS, () => Math.min(++asked, 3)).catch(() => undefined)
    expect(performance.now() - begun).to.be.greaterThan(2.5 * LIMIT_MS)
  })

  it('is told by the number of the file, which follows what other connections commit', async () => {
    const [one, other] = [await open(), await open()]
    const version = (): unknown => one.read('PRAGMA data_version')[0].data_version
    const before = version()
    await one.write(({ run }) => run("INSERT INTO notes (writer, n) VALUES ('one', 1)"))
    expect(version()).to.equal(before)
    await other.write(({ run }) => run("INSERT INTO notes (writer, n) VALUES ('other', 1)"))
    expect(version()).not.to.equal(before)
  })
})

function busy(): never {
  throw new StreamerError('STORAGE_BUSY', 'Somebody has it.')
}
