import { expect } from 'chai'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'
import type { SqliteFile } from '../src'
import { eventually } from '../../streamers/test/support/eventually'
import { openSqlite } from '../src'
import { INSERT, NOTES } from './support/notes'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { useTemporary } from './support/temporary'

const COUNT = 'SELECT count(*) AS count FROM notes'

describe('a SQLite file that is changed by somebody else while it is open', () => {
  const { open, path } = useTemporary()
  const own = (): string => path('own/notes.sqlite')

  const opened = async (notes = 20): Promise<SqliteFile> => {
    const file = await open({ path: own() })
    for (let n = 0; n < notes; n++) await file.write(({ run }) => run(INSERT, 'x'.repeat(500), n))
    return file
  }
  const other = async (name: string, notes: number): Promise<string> => {
    const file = await open({ path: path(`other/${name}`) })
    for (let n = 0; n < notes; n++) await file.write(({ run }) => run(INSERT, 'y'.repeat(500), n))
    file.read('PRAGMA wal_checkpoint(TRUNCATE)')
    return file.path
  }

  const CASES: readonly {
    readonly what: string
    readonly change: () => void | Promise<void>
    readonly code: StreamerErrorCode
    readonly at?: string
    /** Nothing but a look at the contents tells, which is not made at each write. */
    readonly late?: boolean
  }[] = [
    { what: 'is deleted', change: () => rmSync(own()), code: 'STORAGE_UNAVAILABLE' },
    { what: 'loses its -wal file', change: () => rmSync(`${own()}-wal`), code: 'STORAGE_UNAVAILABLE', at: '-wal' },
    {
      what: 'loses its -shm file',
      change: () => rmSync(`${own()}-shm`),
      code: 'STORAGE_UNAVAILABLE',
      at: '-shm',
      late: true,
    },
    {
      what: 'loses its folder',
      change: () => rmSync(dirname(own()), { recursive: true }),
      code: 'STORAGE_UNAVAILABLE',
    },
    { what: 'is renamed', change: () => renameSync(own(), `${own()}.old`), code: 'STORAGE_UNAVAILABLE' },
    {
      what: 'has its folder renamed',
      change: () => renameSync(dirname(own()), path('elsewhere')),
      code: 'STORAGE_UNAVAILABLE',
    },
    {
      what: 'is replaced by a file that is moved there',
      change: async () => renameSync(await other('moved.sqlite', 3), own()),
      code: 'STORAGE_UNAVAILABLE',
    },
    { what: 'is emptied', change: () => truncateSync(own(), 0), code: 'STORAGE_DAMAGED' },
    { what: 'is cut off', change: () => truncateSync(own(), 4096), code: 'STORAGE_DAMAGED' },
    { what: 'is overwritten with garbage', change: () => overwrite(own()), code: 'STORAGE_DAMAGED' },
    {
      what: 'is overwritten by a smaller store',
      change: async () => copyFileSync(await other('small.sqlite', 0), own()),
      code: 'STORAGE_DAMAGED',
    },
    {
      what: 'is overwritten by a larger store',
      change: async () => copyFileSync(await other('large.sqlite', 100), own()),
      code: 'STORAGE_DAMAGED',
    },
    { what: 'has its -wal file emptied', change: () => truncateSync(`${own()}-wal`, 0), code: 'STORAGE_DAMAGED' },
    { what: 'has its -wal file cut off', change: () => truncateSync(`${own()}-wal`, 9000), code: 'STORAGE_DAMAGED' },
    {
      what: 'has its -wal file overwritten with garbage',
      change: () => overwrite(`${own()}-wal`),
      code: 'STORAGE_DAMAGED',
      late: true,
    },
    {
      what: 'gets the -wal file of another store',
      change: async () => {
        const theirs = await open({ path: path('other/wal.sqlite') })
        for (let n = 0; n < 40; n++) await theirs.write(({ run }) => run(INSERT, 'z'.repeat(500), n))
        copyFileSync(`${theirs.path}-wal`, `${own()}-wal`)
      },
      code: 'STORAGE_DAMAGED',
      late: true,
    },
  ]

  for (const { what, change, code, at = '', late = false } of CASES) {
    it(`refuses writes ${late ? 'and' : 'at once, and'} reads within a second, when it ${what}`, async () => {
      const file = await opened()
      await change()
      const isRefused = (): Promise<boolean> => file.write(({ run }) => run(INSERT, 'lost', 1)).then(no, yes)
      await eventually(isRefused, () => 'It still takes writes.', late ? 1_000 : 0)
      const refused = await rejection(
        file.write(({ run }) => run(INSERT, 'lost', 1)),
        code
      )
      expect(refused.at).to.equal(own() + at)
      expect(refused.message).to.include('the notes')
      expect(refused.hint).to.match(/[Ss]top this process.*start again/)
      await eventually(
        () => !answers(file),
        () => 'It still answers.',
        1_000
      )
      await rejection(file.probe(), code)
      await rejection(
        file.write(({ run }) => run(INSERT, 'lost', 2)),
        code
      )
      await file.close()
    })
  }

  it('acknowledges nothing that is not there afterwards, whenever it is deleted', async () => {
    const file = await opened(0)
    const writes = Array.from({ length: 40 }, async (_, n) => file.write(({ run }) => run(INSERT, 'w', n)))
    const settled = Promise.allSettled(writes)
    rmSync(own())
    expect((await settled).every(({ status }) => status === 'rejected')).to.equal(true)
  })

  it('goes on when the very same files are moved back', async () => {
    const file = await opened()
    renameSync(dirname(own()), path('elsewhere'))
    await rejection(
      file.write(({ run }) => run(INSERT, 'w', 1)),
      'STORAGE_UNAVAILABLE'
    )
    renameSync(path('elsewhere'), dirname(own()))
    await file.write(({ run }) => run(INSERT, 'w', 1))
    await file.probe()
    expect(file.read(COUNT)[0].count).to.equal(21)
  })

  it('has all that was committed in the file itself when its -wal file is deleted', async () => {
    const file = await opened()
    rmSync(`${own()}-wal`)
    await rejection(file.probe(), 'STORAGE_UNAVAILABLE')
    copyFileSync(own(), path('copy.sqlite'))
    expect((await open({ path: path('copy.sqlite') })).read(COUNT)[0].count).to.equal(20)
  })

  it('is refused when an older copy of it is put over it, and leaves that copy as it is', async () => {
    await (await opened()).close()
    const copy = readFileSync(own())
    const file = await opened()
    writeFileSync(own(), copy)
    await rejection(
      file.write(({ run }) => run(INSERT, 'w', 1)),
      'STORAGE_DAMAGED'
    )
    await file.close()
    expect(readFileSync(own()).equals(copy)).to.equal(true)
  })

  it('leaves what somebody has put in its place as it is when it is closed', async () => {
    const file = await opened()
    renameSync(dirname(own()), path('elsewhere'))
    const theirs = await openSqlite({ path: own(), applicationId: 77, migrations: NOTES, purpose: 'the notes' })
    await theirs.write(({ run }) => run(INSERT, 'theirs', 1))
    await file.close()
    expect(existsSync(`${own()}-wal`)).to.equal(true)
    await theirs.write(({ run }) => run(INSERT, 'theirs', 2))
    expect(theirs.read(COUNT)[0].count).to.equal(2)
    await theirs.close()
  })

  it('takes what SQLite itself does to the files for what it is', async () => {
    const [file, second] = [await opened(), await opened()]
    const steps = ['wal_checkpoint(PASSIVE)', 'wal_checkpoint(RESTART)', 'wal_checkpoint(TRUNCATE)']
    for (let round = 0; round < 20; round++) {
      for (const step of steps) {
        for (let n = 0; n < 10; n++) await file.write(({ run }) => run(INSERT, 'x'.repeat(2_000), n))
        second.read(`PRAGMA ${step}`)
        file.check()
        second.check()
        await second.probe()
      }
    }
    await file.write(({ run }) => run('DELETE FROM notes WHERE n > 2'))
    const before = statSync(own()).size
    second.read('VACUUM')
    second.read('PRAGMA wal_checkpoint(TRUNCATE)')
    expect(statSync(own()).size).to.be.below(before / 2)
    await file.write(({ run }) => run(INSERT, 'w', 1))
    file.check()
    second.check()
    await (await opened(1)).close()
    file.check()
  })

  it('takes it for what it is that a process begins the log anew that another one has emptied', async () => {
    for (let round = 0; round < 10; round++) {
      const [file, second] = [await opened(1), await opened(1)]
      for (let n = 0; n < 5; n++) {
        expect(await second.shred()).to.equal(true)
        await file.write(({ run }) => run(INSERT, 'w', n))
        file.check()
        second.check()
        expect(await file.shred()).to.equal(true)
        await second.write(({ run }) => run(INSERT, 'w', n))
        file.check()
        second.check()
      }
      await Promise.all([file.close(), second.close()])
    }
  })

  it('refuses nothing while other processes open, write and close it', async () => {
    const file = await opened()
    for (let n = 0; n < 50; n++) {
      const another = await openSqlite({ path: own(), applicationId: 77, migrations: NOTES, purpose: 'the notes' })
      await another.write(({ run }) => run(INSERT, 'x'.repeat(3_000), n))
      await another.close()
      file.check()
      await file.write(({ run }) => run(INSERT, 'w', n))
    }
    expect(file.read(COUNT)[0].count).to.equal(120)
  })

  function overwrite(name: string): void {
    mkdirSync(dirname(name), { recursive: true })
    writeFileSync(name, Buffer.alloc(statSync(name).size, 'garbage '), { flag: 'r+' })
  }
})

const yes = (): boolean => true
const no = (): boolean => false

function answers(file: SqliteFile): boolean {
  try {
    file.read(COUNT)
    return true
  } catch {
    return false
  }
}
