export { streamOnAws } from './stream-on-aws'
