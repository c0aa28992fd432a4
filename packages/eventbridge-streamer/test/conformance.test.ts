import { testConnector } from '@boostercloud/streamer-testkit/conformance'
import { columns } from './conformance-columns'

for (const { name, setUp, options } of columns) {
  describe(name, () => testConnector(setUp, options))
}
