import { testConnector } from '@boostercloud/streamer-testkit/conformance'
import { columns } from './conformance-columns'

describe('the Kafka streamer', () => {
  for (const { setUp, options } of columns) testConnector(setUp, options)
})
