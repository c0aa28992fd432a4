import { streamer } from '@boostercloud/streamer-connector'
import type { Address, Declared, EventsAt, StreamerId, TopicOf } from '@boostercloud/streamer-connector'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(it?: T): T | undefined => it

// Nothing is declared in this program: any string is accepted.
holds<Same<Declared, false>>()
holds<Same<StreamerId, string>>()
holds<Same<TopicOf<'anything'>, string>>()
holds<Same<Address, string>>()
holds<Same<EventsAt<'any/thing'>, unknown>>()

export const plain: Address = 'any/thing'
export const late: Address = String('any/thing')
export const posts: 'main-kafka/posts' = streamer('main-kafka', 'posts')
export const built: Address = streamer(String('any'), String('thing'))

// @ts-expect-error An address is text.
export const number: Address = 7
// @ts-expect-error A streamer's id is text.
streamer(7)
// @ts-expect-error A topic is text.
streamer('main-kafka', 7)
// @ts-expect-error The address is of another topic.
export const wrong: 'main-kafka/users' = streamer('main-kafka', 'posts')
