import { streamer } from '@boostercloud/streamer-connector'
import type { Address } from '@boostercloud/streamer-connector'
import type { AppLink } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'

// What links.ts declares of '@boostercloud/streamers' holds for whoever imports other entries.
const known: Address = 'main-kafka/posts'
// @ts-expect-error unknown topic
const unknown: Address = 'main-kafka/post'
// @ts-expect-error unknown topic
streamer('main-kafka', 'post')
const state: StateStore | undefined = undefined
const link: AppLink | undefined = undefined
export { known, link, state, unknown }
