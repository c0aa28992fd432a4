export { StreamedService } from '../streamed-service'
export type { LoadOptions } from '../streamed-service'
