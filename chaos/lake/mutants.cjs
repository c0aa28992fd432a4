// Each mutant breaks one guarantee in the process that loads it, so that the checker can show that it notices.
const { dirname, join } = require('node:path')

const DIST = dirname(require.resolve('@boostercloud/streamers-lake'))
const versions = () => require(join(DIST, 'manifest', 'versions.js')).LakeVersions.prototype

module.exports = {
  'compaction-forgets-a-segment': () => {
    const room = require(join(DIST, 'keep', 'rewrite.js'))
    const { rewrite } = room
    room.rewrite = async (storage, of, segments, ...rest) => {
      const rewritten = await rewrite(storage, of, segments.slice(0, -1), ...rest)
      return { ...rewritten, removed: segments.map(({ path }) => path) }
    }
  },

  'known-is-recorded-again': () => {
    versions().unknown = async (draft) => draft
  },

  'draft-is-lost': () => {
    const { inPlace } = versions()
    versions().inPlace = async function (segment, ...rest) {
      if (Math.random() > 0.3) return inPlace.call(this, segment, ...rest)
      await this.storage.remove(`drafts/${segment.path.split('/').pop()}`)
      return { outcome: 'recorded', segment }
    }
  },
}
