export { StreamedService } from '../streamed-service'
export type { EventName, LoadOptions } from '../streamed-service'
