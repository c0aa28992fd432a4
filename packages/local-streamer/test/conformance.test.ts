import { testConnector } from '@boostercloud/streamer-testkit/conformance'
import { columns } from './conformance-columns'

describe('the local streamer', () => {
  for (const { setUp, options } of columns) testConnector(setUp, options)
})
