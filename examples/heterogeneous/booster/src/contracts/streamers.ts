import type {} from '@boostercloud/streamers'
import type { ReactionCounted } from '../events/reaction-counted'
import type { PostLiked } from './post-liked'
import type { PostReviewed } from './post-reviewed'
import type { PostViewed } from './post-viewed'

/** What each topic carries, whoever writes it. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    main: { reviews: PostReviewed; views: PostViewed; likes: PostLiked; reactions: ReactionCounted }
  }
}
