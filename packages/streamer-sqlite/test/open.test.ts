import { expect } from 'chai'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openSqlite } from '../src'
import { connect } from '../src/engine'
import { isNetworkFileSystem } from '../src/file/folder'
import { INSERT, NOTES } from './support/notes'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { useTemporary } from './support/temporary'

describe('openSqlite', () => {
  const { open, path } = useTemporary()

  it('creates missing folders and the file for their owner alone', async () => {
    const file = await open({ path: path('a/b/notes.sqlite') })
    await file.write(({ run }) => run(INSERT, 'w', 1))
    expect(statSync(path('a')).mode & 0o777).to.equal(0o700)
    expect(statSync(path('a/b')).mode & 0o777).to.equal(0o700)
    for (const name of ['', '-wal', '-shm']) expect(statSync(file.path + name).mode & 0o777).to.equal(0o600)
  })

  it('keeps what was written when it is opened again, and migrates forward', async () => {
    const first = await open()
    await first.write(({ run }) => run(INSERT, 'w', 1))
    await first.close()
    const second = await open({
      migrations: [...NOTES, `ALTER TABLE notes ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'`],
    })
    expect(second.read('SELECT n, mood FROM notes').map((row) => ({ ...row }))).to.deep.equal([{ n: 1, mood: 'calm' }])
  })

  it('undoes a migration that fails, and says so', async () => {
    await (await open()).close()
    const broken = open({ migrations: [...NOTES, 'CREATE TABLE more (x); CREATE TABLE more (x)'] })
    expect(String(await broken.catch((thrown) => thrown))).to.match(/already exists/)
    const file = await open()
    expect(file.read(`SELECT name FROM sqlite_schema WHERE name = 'more'`)).to.deep.equal([])
  })

  it('opens an empty file as a new one, and one file many times at once', async () => {
    writeFileSync(path(), '')
    const files = await Promise.all(Array.from({ length: 8 }, () => open()))
    await Promise.all(files.map((file, n) => file.write(({ run }) => run(INSERT, 'w', n))))
    expect(files[0].read('SELECT count(*) AS count FROM notes')[0].count).to.equal(8)
  })

  it('survives a path that looks like a URI or like a database in memory', async () => {
    for (const name of ['file:notes?mode=memory', ':memory:', 'with space and é', 'percent%20']) {
      const file = await open({ path: path(name) })
      expect(statSync(path(name)).isFile()).to.equal(true)
      expect(file.path).to.equal(path(name))
    }
  })

  it('refuses garbage and leaves it as it is', async () => {
    const garbage = 'not a database\n'.repeat(1000)
    writeFileSync(path(), garbage)
    const error = await rejection(open(), 'STORAGE_FOREIGN')
    expect(error.at).to.equal(path())
    expect(error.message).to.include('the notes')
    expect(readFileSync(path(), 'utf8')).to.equal(garbage)
    writeFileSync(path('short'), 'a short note')
    await rejection(open({ path: path('short') }), 'STORAGE_FOREIGN')
  })

  it('refuses the file of another program and leaves it as it is', async () => {
    const other = connect(path())
    other.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)')
    other.close()
    const before = readFileSync(path())
    await rejection(open(), 'STORAGE_FOREIGN')
    expect(readFileSync(path()).equals(before)).to.equal(true)
    await (await open({ path: path('ours') })).close()
    await rejection(open({ path: path('ours'), applicationId: 78 }), 'STORAGE_FOREIGN')
  })

  it('refuses the file of a newer version and tells what to update', async () => {
    await (await open({ migrations: [...NOTES, 'CREATE TABLE more (x)'] })).close()
    const error = await rejection(open(), 'STORAGE_FOREIGN')
    expect(error.message).to.match(/version 2.*up to 1.*Update/)
  })

  it('refuses a file that is cut off anywhere', async () => {
    const whole = wholeFile(path('whole'))
    for (const length of [
      1,
      15,
      50,
      99,
      100,
      101,
      511,
      4095,
      4096,
      4097,
      8192,
      whole.length - 4096,
      whole.length - 1,
    ]) {
      const cut = path(`cut at ${length}`)
      writeFileSync(cut, whole.subarray(0, length))
      const thrown = await open({ path: cut }).catch((error: { code: string }) => error)
      expect(thrown, `${length} of ${whole.length} bytes`)
        .to.have.property('code')
        .oneOf(['STORAGE_DAMAGED', 'STORAGE_FOREIGN'])
      expect(statSync(cut).size).to.equal(length)
    }
  })

  it('refuses a file with a page overwritten', async () => {
    const bytes = wholeFile(path('whole'))
    bytes.fill(0xa5, 8192, 8192 + 4096)
    writeFileSync(path(), bytes)
    await rejection(open(), 'STORAGE_DAMAGED')
  })

  it('refuses an emptied file whose write-ahead log is still there', async () => {
    // Closed by its engine at once: what has prepared statements writes its log back whenever these are collected as garbage.
    const database = filled(path())
    const log = readFileSync(`${path()}-wal`)
    database.close()
    truncateSync(path(), 0)
    writeFileSync(`${path()}-wal`, log)
    await rejection(open(), 'STORAGE_DAMAGED')
    expect(readFileSync(`${path()}-wal`).equals(log)).to.equal(true)
  })

  it('refuses a folder where the file belongs, and a file where a folder belongs', async () => {
    mkdirSync(path())
    expect((await rejection(open(), 'STORAGE_UNAVAILABLE')).at).to.equal(path())
    writeFileSync(path('file'), '')
    await rejection(open({ path: path('file/notes.sqlite') }), 'STORAGE_UNAVAILABLE')
  })

  it('refuses what it may not write', async () => {
    await (await open()).close()
    await withoutRights(dirname(path()), async () => {
      chmodSync(path(), 0o400)
      await rejection(open(), 'STORAGE_UNAVAILABLE')
      chmodSync(path(), 0o600)
      chmodSync(dirname(path()), 0o500)
      await rejection(open(), 'STORAGE_UNAVAILABLE')
      await rejection(open({ path: path('new.sqlite') }), 'STORAGE_UNAVAILABLE')
      chmodSync(path(), 0o000)
      await rejection(open(), 'STORAGE_UNAVAILABLE')
    })
  })

  it('knows the network file systems of Linux', () => {
    expect([0x6969, 0xff534d42, 0x517b, 0xfe534d42].map(isNetworkFileSystem)).to.deep.equal([true, true, true, true])
    expect([0xef53, 0x01021994, 0x794c7630].map(isNetworkFileSystem)).to.deep.equal([false, false, false])
  })

  it('does nothing before its arguments are known: a path with a zero byte is refused', async () => {
    await rejection(
      openSqlite({ path: 'a\0b', applicationId: 1, migrations: [], purpose: 'the notes' }),
      'STORAGE_UNAVAILABLE'
    )
  })
})

/** The bytes of a file of several pages, as a process leaves it at its end. */
function wholeFile(path: string): Buffer {
  filled(path).close()
  return readFileSync(path)
}

/** A file of several pages, open, all of which its write-ahead log has. */
function filled(path: string): ReturnType<typeof connect> {
  const database = connect(path)
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA application_id = 77; PRAGMA user_version = 1; ${NOTES[0]};
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
    INSERT INTO notes (writer, n) SELECT 'writer ' || n, n FROM numbers`)
  return database
}

/** Runs as a user whom the rights of files hold back, also where the tests run as root. */
async function withoutRights(folder: string, work: () => Promise<void>): Promise<void> {
  const { getuid, seteuid } = process
  if (getuid?.() !== 0 || seteuid === undefined) return work()
  const nobody = 65534
  chownSync(folder, nobody, 0)
  for (const name of ['notes.sqlite']) chownSync(`${folder}/${name}`, nobody, 0)
  seteuid.call(process, nobody)
  try {
    await work()
  } finally {
    seteuid.call(process, 0)
  }
}
