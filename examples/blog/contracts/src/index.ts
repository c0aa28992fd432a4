import './streamers'

export { IssueSent } from './issue-sent'
export { PostCreated } from './post-created'
