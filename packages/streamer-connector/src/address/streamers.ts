/**
 * Which streamers an app has and what their topics carry. Empty until an app says it, once, by augmentation; from then on every
 * address is checked by the compiler:
 *
 * ```ts
 * declare module '@boostercloud/streamers' {
 *   interface Streamers {
 *     'main-kafka': { posts: PostCreated | PostDeleted }
 *   }
 * }
 * ```
 * @public
 */
// Augmentation needs an interface, and an empty one is what says "nothing declared".
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Streamers {}
