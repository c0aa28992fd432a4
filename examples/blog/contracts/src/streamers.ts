import type {} from '@boostercloud/streamers'
import type { IssueSent } from './issue-sent'
import type { PostCreated } from './post-created'

/** What each topic carries. From here on the compiler checks every address, event and handler of the services against it. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    main: { posts: PostCreated; newsletter: IssueSent }
  }
}
